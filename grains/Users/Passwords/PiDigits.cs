using System.Numerics;

namespace OrleansAuth.Users;

/// <summary>
/// The fractional part of pi in words of 32 bits: Blowfish starts from its first 1,042. Computing them once takes some
/// tens of milliseconds and saves four kilobytes of constants that nobody could proofread.
/// </summary>
internal static class PiDigits
{
    // Rounding errors of a few thousand series terms stay far below this.
    private const int GuardBits = 64;

    public static uint[] Fraction(int words)
    {
        var bits = (32 * words) + GuardBits;

        // Machin: pi = 16 arctan(1/5) - 4 arctan(1/239).
        var pi = (16 * ArctanOfInverse(5, bits)) - (4 * ArctanOfInverse(239, bits));
        var fraction = (pi - (new BigInteger(3) << bits)) >> GuardBits;

        var bytes = fraction.ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[4 * words];
        bytes.CopyTo(padded, padded.Length - bytes.Length);
        var result = new uint[words];
        for (var i = 0; i < words; i++)
            result[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(padded.AsSpan(4 * i));
        return result;
    }

    private static BigInteger ArctanOfInverse(int x, int bits)
    {
        var power = (BigInteger.One << bits) / x;
        var sum = power;
        var square = x * x;
        for (var (n, sign) = (3, -1); !power.IsZero; n += 2, sign = -sign)
        {
            power /= square;
            sum += sign * (power / n);
        }

        return sum;
    }
}
