using System.Buffers.Binary;
using System.Numerics;

namespace OrleansAuth.Keys;

/// <summary>
/// Arithmetic modulo the order L of the base point, with Montgomery's multiplication in four limbs of 64 bits. The steps
/// are the same for every value: these scalars are secrets.
/// </summary>
internal readonly struct Ed25519Scalar
{
    private static readonly BigInteger Order = (BigInteger.One << 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly Ed25519Scalar L = FromPublic(Order);

    // R = 2^256; this is R² mod L, which brings a number into Montgomery's form.
    private static readonly Ed25519Scalar RSquared = FromPublic(BigInteger.ModPow(2, 512, Order));

    private static readonly Ed25519Scalar One = new(1, 0, 0, 0);

    // -1/L modulo 2^64, by Newton's iteration: each step doubles the correct bits.
    private static readonly ulong MinusInverse = MakeMinusInverse();

    private readonly ulong _a, _b, _c, _d;

    private Ed25519Scalar(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>Reads 32 bytes, least significant first, as they are.</summary>
    public static Ed25519Scalar Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));

    /// <summary>Reads 64 bytes, least significant first, modulo L.</summary>
    public static Ed25519Scalar ReadWide(ReadOnlySpan<byte> bytes)
    {
        var low = Multiply(Multiply(Read(bytes), RSquared), One);
        var high = Multiply(Read(bytes[32..]), RSquared); // times R, which is its weight
        return Add(low, high);
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], _b);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], _c);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], _d);
    }

    /// <summary>x·y + z modulo L; x and z below L, y any number below 2^256.</summary>
    public static Ed25519Scalar MultiplyAdd(in Ed25519Scalar x, in Ed25519Scalar y, in Ed25519Scalar z) =>
        Add(Multiply(Multiply(x, RSquared), y), z);

    /// <summary>True if these 32 bytes are a number below L. For public values.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 32 && new BigInteger(bytes, isUnsigned: true) < Order;

    private static Ed25519Scalar FromPublic(BigInteger value)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Clear();
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return Read(bytes);
    }

    private static ulong MakeMinusInverse()
    {
        var inverse = 1UL;
        for (var step = 0; step < 6; step++)
            inverse *= 2 - (L._a * inverse);
        return 0 - inverse;
    }

    private static Ed25519Scalar Add(in Ed25519Scalar x, in Ed25519Scalar y)
    {
        // Both are below L < 2^253, so nothing overflows.
        var a = (UInt128)x._a + y._a;
        var b = (UInt128)x._b + y._b + (ulong)(a >> 64);
        var c = (UInt128)x._c + y._c + (ulong)(b >> 64);
        return SubtractOrder((ulong)a, (ulong)b, (ulong)c, x._d + y._d + (ulong)(c >> 64));
    }

    /// <summary>x·y/R modulo L, for x·y below R·L.</summary>
    private static Ed25519Scalar Multiply(in Ed25519Scalar x, in Ed25519Scalar y)
    {
        ReadOnlySpan<ulong> left = [x._a, x._b, x._c, x._d];
        ulong a = 0, b = 0, c = 0, d = 0, e = 0;
        for (var i = 0; i < 4; i++)
        {
            var carry = Step(ref a, left[i], y._a, 0);
            carry = Step(ref b, left[i], y._b, carry);
            carry = Step(ref c, left[i], y._c, carry);
            carry = Step(ref d, left[i], y._d, carry);
            e += carry;

            // A multiple of L makes the lowest limb zero; then everything moves down by one limb.
            var m = a * MinusInverse;
            carry = Step(ref a, m, L._a, 0);
            carry = Step(ref b, m, L._b, carry);
            carry = Step(ref c, m, L._c, carry);
            carry = Step(ref d, m, L._d, carry);
            var top = (UInt128)e + carry;
            (a, b, c, d, e) = (b, c, d, (ulong)top, (ulong)(top >> 64));
        }

        return SubtractOrder(a, b, c, d);
    }

    private static ulong Step(ref ulong limb, ulong x, ulong y, ulong carry)
    {
        var sum = Math.BigMul(x, y) + limb + carry;
        limb = (ulong)sum;
        return (ulong)(sum >> 64);
    }

    // Subtracts L if the number, which is below 2L, is not below L; both results are computed and one is masked out.
    private static Ed25519Scalar SubtractOrder(ulong a, ulong b, ulong c, ulong d)
    {
        var w = (UInt128)a - L._a;
        var x = (UInt128)b - L._b - ((ulong)(w >> 64) & 1);
        var y = (UInt128)c - L._c - ((ulong)(x >> 64) & 1);
        var z = (UInt128)d - L._d - ((ulong)(y >> 64) & 1);
        var keep = (ulong)(z >> 64);
        return new Ed25519Scalar(
            (a & keep) | ((ulong)w & ~keep),
            (b & keep) | ((ulong)x & ~keep),
            (c & keep) | ((ulong)y & ~keep),
            (d & keep) | ((ulong)z & ~keep));
    }
}
