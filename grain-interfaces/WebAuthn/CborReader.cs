using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace OrleansAuth.WebAuthn;

/// <summary>
/// Reads CBOR in the canonical form that authenticators write (CTAP 2.1, section 8): shortest lengths and numbers, no open
/// ends, no tags, no floating point, keys of maps in their order and each once, at most four levels. Everything else is
/// refused. It never throws, and takes time in proportion to the bytes it is given.
/// </summary>
public static class CborReader
{
    /// <summary>In bytes. Longer input is refused; certificates are the longest thing that comes.</summary>
    public const int Longest = 64 * 1024;

    private const int Deepest = 4;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The one value that the bytes are, or null where they are none or something follows it.</summary>
    public static CborValue? Read(ReadOnlyMemory<byte> data) => Read(data, out var length) is { } value && length == data.Length ? value : null;

    /// <summary>The value that the bytes begin with, or null where they begin with none.</summary>
    /// <param name="length">How many bytes it takes.</param>
    public static CborValue? Read(ReadOnlyMemory<byte> data, out int length)
    {
        var cursor = new Cursor(data);
        var value = data.Length > Longest ? null : cursor.Value(Deepest);
        length = value is null ? 0 : cursor.Position;
        return value;
    }

    /// <summary>Lower types first, then shorter keys, then by their bytes.</summary>
    private static bool IsInOrder(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var types = (before[0] >> 5) - (after[0] >> 5);
        if (types != 0) return types < 0;
        return before.Length != after.Length ? before.Length < after.Length : before.SequenceCompareTo(after) < 0;
    }

    private struct Cursor(ReadOnlyMemory<byte> data)
    {
        public int Position { get; private set; }

        private readonly int Left => data.Length - Position;

        /// <param name="depth">How many levels of arrays and maps may begin from here on.</param>
        public CborValue? Value(int depth)
        {
            if (Head(out var type, out var argument) is false) return null;
            return type switch
            {
                0 => argument > long.MaxValue ? null : new CborValue(CborKind.Number) { Number = (long)argument },
                1 => argument > long.MaxValue ? null : new CborValue(CborKind.Number) { Number = -1 - (long)argument },
                2 => Take(argument) is { } bytes ? new CborValue(CborKind.Bytes) { Bytes = bytes } : null,
                3 => Text(argument),
                4 => Array(argument, depth),
                5 => Map(argument, depth),
                7 => argument is 20 or 21 or 22 ? new CborValue(CborKind.Simple) { Number = (long)argument } : null,
                _ => null,
            };
        }

        private bool Head(out int type, out ulong argument)
        {
            (type, argument) = (0, 0);
            if (Left == 0) return false;
            var first = data.Span[Position++];
            type = first >> 5;
            var size = first & 0x1f;
            if (size < 24)
            {
                argument = (ulong)size;
                return true;
            }

            // 28 to 31 are open ends and what nobody has given a meaning; simple values and floats have no longer form here.
            if (size > 27 || type == 7) return false;
            var count = 1 << (size - 24);
            if (Left < count) return false;
            var span = data.Span.Slice(Position, count);
            Position += count;
            argument = count switch
            {
                1 => span[0],
                2 => BinaryPrimitives.ReadUInt16BigEndian(span),
                4 => BinaryPrimitives.ReadUInt32BigEndian(span),
                _ => BinaryPrimitives.ReadUInt64BigEndian(span),
            };
            return argument >= (count == 1 ? 24 : 1UL << (4 * count));
        }

        private ReadOnlyMemory<byte>? Take(ulong count)
        {
            if (count > (ulong)Left) return null;
            var taken = data.Slice(Position, (int)count);
            Position += (int)count;
            return taken;
        }

        private CborValue? Text(ulong count)
        {
            if (Take(count) is not { } bytes) return null;
            try
            {
                return new CborValue(CborKind.Text) { Text = Strict.GetString(bytes.Span) };
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }

        private CborValue? Array(ulong count, int depth)
        {
            // Each item takes a byte at least, so a large number alone makes nobody reserve memory.
            if (depth == 0 || count > (ulong)Left) return null;
            var items = ImmutableArray.CreateBuilder<CborValue>((int)count);
            for (var i = 0; i < (int)count; i++)
            {
                if (Value(depth - 1) is not { } item) return null;
                items.Add(item);
            }

            return new CborValue(CborKind.Array) { Items = items.MoveToImmutable() };
        }

        private CborValue? Map(ulong count, int depth)
        {
            if (depth == 0 || count > (ulong)Left / 2) return null;
            var members = ImmutableArray.CreateBuilder<(CborValue, CborValue)>((int)count);
            var before = ReadOnlyMemory<byte>.Empty;
            for (var i = 0; i < (int)count; i++)
            {
                var start = Position;
                if (Value(0) is not { Kind: CborKind.Number or CborKind.Text } key) return null;
                var written = data[start..Position];
                if (i > 0 && !IsInOrder(before.Span, written.Span)) return null;
                before = written;
                if (Value(depth - 1) is not { } value) return null;
                members.Add((key, value));
            }

            return new CborValue(CborKind.Map) { Members = members.MoveToImmutable() };
        }
    }
}
