using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansAuth.Users;

/// <summary>
/// The Blowfish state as bcrypt uses it: the expensive key schedule, and encryption of words in place. One instance serves
/// one hash.
/// </summary>
internal sealed class Blowfish
{
    private const int Rounds = 16;
    private const int SubkeyCount = Rounds + 2;
    private const int BoxSize = 256;

    private static readonly Lazy<uint[]> Pi = new(() => PiDigits.Fraction(SubkeyCount + (4 * BoxSize)));

    private readonly uint[] _subkeys = Pi.Value[..SubkeyCount];
    private readonly uint[] _boxes = Pi.Value[SubkeyCount..];

    /// <summary>Mixes a key into the subkeys, then replaces the whole state by encrypting the salt's words through it.</summary>
    /// <param name="key">At least one byte; it repeats as needed.</param>
    /// <param name="salt">Four words, or none for the plain key schedule.</param>
    public void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<uint> salt)
    {
        var at = 0;
        for (var i = 0; i < SubkeyCount; i++)
        {
            var word = 0u;
            for (var b = 0; b < 4; b++)
            {
                word = (word << 8) | key[at];
                at = at + 1 == key.Length ? 0 : at + 1;
            }

            _subkeys[i] ^= word;
        }

        uint left = 0, right = 0;
        var saltAt = 0;
        Replace(_subkeys, salt, ref saltAt, ref left, ref right);
        Replace(_boxes, salt, ref saltAt, ref left, ref right);
    }

    private void Replace(uint[] words, ReadOnlySpan<uint> salt, ref int saltAt, ref uint left, ref uint right)
    {
        for (var i = 0; i < words.Length; i += 2)
        {
            if (!salt.IsEmpty)
            {
                left ^= salt[saltAt];
                right ^= salt[saltAt + 1];
                saltAt ^= 2;
            }

            Encrypt(ref left, ref right);
            words[i] = left;
            words[i + 1] = right;
        }
    }

    /// <summary>Encrypts one block of two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Encrypt(ref uint left, ref uint right)
    {
        // Every index is a byte within its own box or a constant, so bounds need no checks; this loop is all of bcrypt's cost.
        ref var p = ref MemoryMarshal.GetArrayDataReference(_subkeys);
        ref var s = ref MemoryMarshal.GetArrayDataReference(_boxes);
        var (l, r) = (left ^ p, right);
        for (var round = 1; round < Rounds; round += 2)
        {
            r ^= Mix(ref s, l) ^ Unsafe.Add(ref p, round);
            l ^= Mix(ref s, r) ^ Unsafe.Add(ref p, round + 1);
        }

        left = r ^ Unsafe.Add(ref p, Rounds + 1);
        right = l;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(ref uint s, uint x) =>
        ((Unsafe.Add(ref s, x >> 24) + Unsafe.Add(ref s, BoxSize + ((x >> 16) & 0xff)))
            ^ Unsafe.Add(ref s, (2 * BoxSize) + ((x >> 8) & 0xff)))
        + Unsafe.Add(ref s, (3 * BoxSize) + (x & 0xff));

    /// <summary>Reads bytes as big-endian words.</summary>
    public static uint[] Words(ReadOnlySpan<byte> bytes)
    {
        var words = new uint[bytes.Length / 4];
        for (var i = 0; i < words.Length; i++)
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 * i)..]);
        return words;
    }
}
