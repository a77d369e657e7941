using System.Runtime.CompilerServices;

namespace OrleansAuth.Keys;

/// <summary>Multiples of points: of the base point for secret scalars, of any point for public ones.</summary>
internal static class Ed25519Multiplication
{
    private const int Digits = 64;
    private const int Entries = 8;

    // For each digit's weight 16^i the base point times 1 to 8; 512 points, 60 KB, made at first use within a few milliseconds.
    private static readonly Ed25519TablePoint[] BaseTable = MakeBaseTable();

    /// <summary>
    /// The base point times a secret scalar below 2^255, 32 bytes, least significant first: 64 additions, each reading all
    /// entries of its row, so that neither time nor memory access depends on the scalar.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Ed25519Point TimesBase(ReadOnlySpan<byte> scalar)
    {
        Span<sbyte> digits = stackalloc sbyte[Digits];
        Split(scalar, digits);
        var sum = Ed25519Point.Identity;
        for (var i = 0; i < Digits; i++)
            sum = Ed25519Point.Add(sum, Pick(i, digits[i]));
        digits.Clear();
        return sum;
    }

    /// <summary>A public point times a public scalar of 32 bytes; its time depends on the scalar.</summary>
    public static Ed25519Point Times(in Ed25519Point point, ReadOnlySpan<byte> scalar)
    {
        var multiples = new Ed25519Point[16];
        multiples[0] = Ed25519Point.Identity;
        for (var i = 1; i < multiples.Length; i++)
            multiples[i] = Ed25519Point.Add(multiples[i - 1], point);

        var sum = Ed25519Point.Identity;
        for (var i = Digits - 1; i >= 0; i--)
        {
            sum = Ed25519Point.Double(Ed25519Point.Double(Ed25519Point.Double(Ed25519Point.Double(sum))));
            var digit = (scalar[i / 2] >> (4 * (i % 2))) & 15;
            if (digit != 0) sum = Ed25519Point.Add(sum, multiples[digit]);
        }

        return sum;
    }

    // Digits of base 16 from -8 to 8: half as many entries to read through.
    private static void Split(ReadOnlySpan<byte> scalar, Span<sbyte> digits)
    {
        var carry = 0;
        for (var i = 0; i < Digits - 1; i++)
        {
            var digit = ((scalar[i / 2] >> (4 * (i % 2))) & 15) + carry;
            carry = (digit + 8) >> 4;
            digits[i] = (sbyte)(digit - (carry << 4));
        }

        digits[Digits - 1] = (sbyte)((scalar[31] >> 4) + carry);
    }

    private static Ed25519TablePoint Pick(int row, sbyte digit)
    {
        var negative = digit >> 31;
        var size = (digit ^ negative) - negative;
        var point = Ed25519TablePoint.Identity;
        for (var entry = 1; entry <= Entries; entry++)
        {
            var difference = (ulong)(uint)(entry ^ size);
            var mask = 0 - ((difference - 1) >> 63);
            point = Ed25519TablePoint.Select(point, BaseTable[(row * Entries) + entry - 1], mask);
        }

        return point.NegateIf((ulong)negative);
    }

    private static Ed25519TablePoint[] MakeBaseTable()
    {
        var table = new Ed25519TablePoint[Digits * Entries];
        var weight = Ed25519Point.Base;
        for (var row = 0; row < Digits; row++)
        {
            var multiple = weight;
            for (var entry = 0; entry < Entries; entry++)
            {
                table[(row * Entries) + entry] = multiple.ToTable();
                if (entry < Entries - 1) multiple = Ed25519Point.Add(multiple, weight);
            }

            weight = Ed25519Point.Double(multiple);
        }

        return table;
    }
}
