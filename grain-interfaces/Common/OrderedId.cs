using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansAuth.Common;

/// <summary>
/// Ids that sort by the instant at which they were made, and those of one process within a millisecond in the order in which they were
/// made: UUIDs of version 7 (RFC 9562 section 5.7) with a counter behind the instant (section 6.2, method 1). Logs whose
/// rows have such ids need no index of the instant. Not for secrets: 62 bits are random.
/// </summary>
public static class OrderedId
{
    private const int CounterBits = 12;
    private const long LargestCount = (1 << CounterBits) - 1;

    /// <summary>The counter begins in the lower quarter, so that thousands fit into a millisecond.</summary>
    private const int FirstCounts = 1 << (CounterBits - 2);
    private const long LargestInstant = (1L << 48) - 1;

    /// <summary>What is random in one: the counter's begin, and what follows it.</summary>
    private const int RandomBytes = 10;

    /// <summary>Instant and counter of the latest one.</summary>
    private static long _latest;

    /// <summary>Random bytes for the ids to come, and how many of them are left.</summary>
    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>A new id. Beyond some thousand in one millisecond, their order is left to chance.</summary>
    /// <param name="instant">Milliseconds since 1970, from 0; a clock that was put back makes ids that sort before others.</param>
    public static Guid New(long instant)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(instant);
        Span<byte> id = stackalloc byte[16];
        Randomness().CopyTo(id[6..]);
        var first = BinaryPrimitives.ReadUInt16BigEndian(id[6..]) % FirstCounts;
        long latest, next;
        do
        {
            latest = Volatile.Read(ref _latest);
            next = latest >> CounterBits != instant ? (instant << CounterBits) | (long)first
                : (latest & LargestCount) < LargestCount ? latest + 1
                : latest;
        }
        while (Interlocked.CompareExchange(ref _latest, next, latest) != latest);

        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        var head = ((ulong)(next >> CounterBits) << 16) | 0x7000 | (ulong)(next & LargestCount);
        BinaryPrimitives.WriteUInt64BigEndian(id, head);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>For many ids at once: the system is asked, and that costs more than the rest.</summary>
    private static ReadOnlySpan<byte> Randomness()
    {
        var random = _random ??= new byte[RandomBytes * 50];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = random.Length;
        }

        _left -= RandomBytes;
        return random.AsSpan(_left, RandomBytes);
    }

    /// <summary>When an id was made, milliseconds since 1970; of an id that is not of this kind, anything.</summary>
    public static long InstantOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }

    /// <summary>What no id of the instant sorts before, and every id of an earlier one does.</summary>
    /// <param name="instant">Milliseconds since 1970; what is beyond the format is taken as its edge.</param>
    public static Guid First(long instant)
    {
        Span<byte> id = stackalloc byte[16];
        id.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(id, (ulong)Math.Clamp(instant, 0, LargestInstant) << 16);
        return new Guid(id, bigEndian: true);
    }
}
