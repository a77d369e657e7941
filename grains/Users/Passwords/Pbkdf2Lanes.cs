using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OrleansAuth.Users;

/// <summary>One password to derive a key from: its UTF-8 bytes and the salt's bytes.</summary>
internal readonly record struct Pbkdf2Input(byte[] Password, byte[] Salt);

/// <summary>
/// PBKDF2-HMAC-SHA256 (RFC 8018 section 5.2) for several passwords at once, one in each element of a vector, with keys of
/// one SHA-256 block (32 bytes). Same results as the platform's; an iteration over sixteen costs little more than one over one.
/// </summary>
internal static class Pbkdf2Lanes
{
    /// <summary>Bytes of each derived key.</summary>
    public const int KeySize = 32;

    /// <summary>How many passwords this machine derives at once; 1 where vectors are too short to gain anything.</summary>
    public static int Width { get; } = Sha256Sixteen.IsSupported ? Sha256Sixteen.Lanes : Sha256Eight.IsSupported ? Sha256Eight.Lanes : 1;

    /// <summary>
    /// From how many passwords on a full vector is faster than the platform one by one. Measured once per process, because
    /// processors with SHA instructions need more of them than others.
    /// </summary>
    public static int WorthWhile { get; } = Measure();

    /// <summary>Derives one key for each input, at most <see cref="Width"/> of them.</summary>
    public static byte[][] Derive(ReadOnlySpan<Pbkdf2Input> inputs, int iterations) => Derive(inputs, iterations, Width);

    /// <summary>The same at a chosen width: 16, 8, or 1 for the platform's own implementation.</summary>
    internal static byte[][] Derive(ReadOnlySpan<Pbkdf2Input> inputs, int iterations, int width)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs.Length, width);
        return width switch
        {
            16 => Pbkdf2Lanes<System.Runtime.Intrinsics.Vector512<uint>, Sha256Sixteen>.Derive(inputs, iterations),
            8 => Pbkdf2Lanes<System.Runtime.Intrinsics.Vector256<uint>, Sha256Eight>.Derive(inputs, iterations),
            _ => [.. inputs.ToArray().Select(i => Rfc2898DeriveBytes.Pbkdf2(i.Password, i.Salt, iterations, HashAlgorithmName.SHA256, KeySize))],
        };
    }

    private static int Measure()
    {
        if (Width == 1) return 2;
        var ratio = (double)Fastest(Width) / Fastest(1);

        // A build without optimisation loses even with a full vector: then never.
        return ratio > Width ? int.MaxValue : Math.Max(2, (int)Math.Ceiling(ratio));
    }

    // The best of a few short runs: the first ones compile, and others may be interrupted.
    private static long Fastest(int width)
    {
        var best = long.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var begun = Stopwatch.GetTimestamp();
            Derive([new Pbkdf2Input([1], [2])], 400, width);
            best = Math.Min(best, Stopwatch.GetTimestamp() - begun);
        }

        return Math.Max(best, 1);
    }
}

/// <inheritdoc cref="Pbkdf2Lanes"/>
internal static class Pbkdf2Lanes<T, TVector> where T : unmanaged where TVector : ISha256Vector<T>
{
    private const int StateWords = 8;
    private const int BlockWords = 16;
    private const int BlockBytes = 64;

    public static byte[][] Derive(ReadOnlySpan<Pbkdf2Input> inputs, int iterations)
    {
        Span<T> inner = stackalloc T[StateWords];
        Span<T> outer = stackalloc T[StateWords];
        Span<T> last = stackalloc T[StateWords];
        Span<T> sum = stackalloc T[StateWords];
        Absorb(inputs, 0x36363636, inner);
        Absorb(inputs, 0x5c5c5c5c, outer);
        Begin(inputs, last);
        last.CopyTo(sum);
        Iterate(inner, outer, last, sum, iterations - 1);

        var keys = new byte[inputs.Length][];
        for (var lane = 0; lane < keys.Length; lane++)
        {
            keys[lane] = new byte[Pbkdf2Lanes.KeySize];
            for (var word = 0; word < StateWords; word++)
                BinaryPrimitives.WriteUInt32BigEndian(keys[lane].AsSpan(4 * word), Lane(sum, word, lane));
        }

        inner.Clear();
        outer.Clear();
        last.Clear();
        sum.Clear();
        return keys;
    }

    // The state after the padded key's block never changes between iterations (RFC 2104 section 4), so it is made once.
    private static void Absorb(ReadOnlySpan<Pbkdf2Input> inputs, uint pad, Span<T> state)
    {
        Span<T> block = stackalloc T[BlockWords];
        Span<byte> key = stackalloc byte[BlockBytes];
        for (var lane = 0; lane < inputs.Length; lane++)
        {
            key.Clear();
            var password = inputs[lane].Password;
            if (password.Length > BlockBytes) SHA256.HashData(password, key);
            else password.CopyTo(key);
            for (var word = 0; word < BlockWords; word++)
                Lane(block, word, lane) = BinaryPrimitives.ReadUInt32BigEndian(key[(4 * word)..]) ^ pad;
        }

        for (var word = 0; word < StateWords; word++)
            state[word] = TVector.Broadcast(Sha256Constants.Start[word]);
        Sha256Lanes<T, TVector>.Compress(state, block, state);
        key.Clear();
        block.Clear();
    }

    // The first iteration reads the salt, whose length differs from lane to lane: one by one.
    private static void Begin(ReadOnlySpan<Pbkdf2Input> inputs, Span<T> last)
    {
        Span<byte> first = stackalloc byte[HMACSHA256.HashSizeInBytes];
        for (var lane = 0; lane < inputs.Length; lane++)
        {
            HMACSHA256.HashData(inputs[lane].Password, [.. inputs[lane].Salt, 0, 0, 0, 1], first);
            for (var word = 0; word < StateWords; word++)
                Lane(last, word, lane) = BinaryPrimitives.ReadUInt32BigEndian(first[(4 * word)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Iterate(ReadOnlySpan<T> inner, ReadOnlySpan<T> outer, Span<T> last, Span<T> sum, int iterations)
    {
        Span<T> block = stackalloc T[BlockWords];
        for (var i = 0; i < iterations; i++)
        {
            last.CopyTo(block);
            Pad(block);
            Sha256Lanes<T, TVector>.Compress(inner, block, block);
            Pad(block);
            Sha256Lanes<T, TVector>.Compress(outer, block, last);
            for (var word = 0; word < StateWords; word++)
                sum[word] = TVector.Xor(sum[word], last[word]);
        }
    }

    // Both hashes of an HMAC end with a digest of 32 bytes after a block of 64: 768 bits (FIPS 180-4 section 5.1.1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pad(Span<T> block)
    {
        block[8] = TVector.Broadcast(0x80000000);
        block[9..15].Clear();
        block[15] = TVector.Broadcast(768);
    }

    private static ref uint Lane(Span<T> words, int word, int lane) =>
        ref MemoryMarshal.Cast<T, uint>(words.Slice(word, 1))[lane];
}
