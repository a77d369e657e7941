using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OrleansAuth.Keys;

/// <summary>
/// A number modulo 2^255 - 19 in five limbs of 51 bits. Every operation takes the same steps for every value, so timing
/// tells nothing; only <see cref="IsCanonical"/> and comparisons on public values branch.
/// </summary>
/// <remarks>
/// Limbs of operands stay below 2^54, which keeps the products of <see cref="Multiply"/> below 2^128. <see cref="Add"/> does not
/// carry: at most two sums may be added before the result is multiplied.
/// </remarks>
internal readonly struct Ed25519Field
{
    private const int LimbBits = 51;
    private const ulong LimbMask = (1UL << LimbBits) - 1;

    private readonly ulong _a, _b, _c, _d, _e;

    private Ed25519Field(ulong a, ulong b, ulong c, ulong d, ulong e) => (_a, _b, _c, _d, _e) = (a, b, c, d, e);

    public static Ed25519Field Zero => default;

    public static Ed25519Field One => new(1, 0, 0, 0, 0);

    public static Ed25519Field From(uint value) => new(value, 0, 0, 0, 0);

    /// <summary>Reads 32 bytes, least significant first. The highest bit is ignored, and the value may exceed the modulus.</summary>
    public static Ed25519Field Read(ReadOnlySpan<byte> bytes)
    {
        var w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        var w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        var w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        return new Ed25519Field(
            w0 & LimbMask,
            ((w0 >> 51) | (w1 << 13)) & LimbMask,
            ((w1 >> 38) | (w2 << 26)) & LimbMask,
            ((w2 >> 25) | (w3 << 39)) & LimbMask,
            (w3 >> 12) & LimbMask);
    }

    /// <summary>Writes the one representative below the modulus as 32 bytes, least significant first.</summary>
    public void Write(Span<byte> bytes)
    {
        var x = Carry(_a, _b, _c, _d, _e);

        // The value is below 2p now; q is 1 exactly when it is p or more, found by adding 19 and watching the top.
        var q = (x._a + 19) >> LimbBits;
        q = (x._b + q) >> LimbBits;
        q = (x._c + q) >> LimbBits;
        q = (x._d + q) >> LimbBits;
        q = (x._e + q) >> LimbBits;

        var a = x._a + (19 * q);
        var b = x._b + (a >> LimbBits);
        var c = x._c + (b >> LimbBits);
        var d = x._d + (c >> LimbBits);
        var e = (x._e + (d >> LimbBits)) & LimbMask;
        (a, b, c, d) = (a & LimbMask, b & LimbMask, c & LimbMask, d & LimbMask);

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, a | (b << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (b >> 13) | (c << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (c >> 26) | (d << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (d >> 39) | (e << 12));
    }

    /// <summary>True if these 32 bytes, without their highest bit, are below the modulus. For public values.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> bytes)
    {
        Span<byte> again = stackalloc byte[32];
        Read(bytes).Write(again);
        again[31] |= (byte)(bytes[31] & 0x80);
        return again.SequenceEqual(bytes[..32]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Ed25519Field Add(in Ed25519Field x, in Ed25519Field y) =>
        new(x._a + y._a, x._b + y._b, x._c + y._c, x._d + y._d, x._e + y._e);

    // Eight times the modulus is added first, so that no limb goes below zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Ed25519Field Subtract(in Ed25519Field x, in Ed25519Field y) => Carry(
        x._a + 0x3fffffffffff68 - y._a,
        x._b + 0x3ffffffffffff8 - y._b,
        x._c + 0x3ffffffffffff8 - y._c,
        x._d + 0x3ffffffffffff8 - y._d,
        x._e + 0x3ffffffffffff8 - y._e);

    public static Ed25519Field Negate(in Ed25519Field x) => Subtract(Zero, x);

    /// <summary>2^255 is 19 modulo the prime, so limbs that overflow come back in below, times 19.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Ed25519Field Multiply(in Ed25519Field x, in Ed25519Field y)
    {
        var (b19, c19, d19, e19) = (19 * y._b, 19 * y._c, 19 * y._d, 19 * y._e);
        var a = Math.BigMul(x._a, y._a) + Math.BigMul(x._b, e19) + Math.BigMul(x._c, d19) + Math.BigMul(x._d, c19) + Math.BigMul(x._e, b19);
        var b = Math.BigMul(x._a, y._b) + Math.BigMul(x._b, y._a) + Math.BigMul(x._c, e19) + Math.BigMul(x._d, d19) + Math.BigMul(x._e, c19);
        var c = Math.BigMul(x._a, y._c) + Math.BigMul(x._b, y._b) + Math.BigMul(x._c, y._a) + Math.BigMul(x._d, e19) + Math.BigMul(x._e, d19);
        var d = Math.BigMul(x._a, y._d) + Math.BigMul(x._b, y._c) + Math.BigMul(x._c, y._b) + Math.BigMul(x._d, y._a) + Math.BigMul(x._e, e19);
        var e = Math.BigMul(x._a, y._e) + Math.BigMul(x._b, y._d) + Math.BigMul(x._c, y._c) + Math.BigMul(x._d, y._b) + Math.BigMul(x._e, y._a);
        return Reduce(a, b, c, d, e);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Ed25519Field Square(in Ed25519Field x)
    {
        var (a2, b2, d19, e19) = (2 * x._a, 2 * x._b, 19 * x._d, 19 * x._e);
        var a = Math.BigMul(x._a, x._a) + Math.BigMul(b2, e19) + Math.BigMul(2 * x._c, d19);
        var b = Math.BigMul(a2, x._b) + Math.BigMul(2 * x._c, e19) + Math.BigMul(x._d, d19);
        var c = Math.BigMul(a2, x._c) + Math.BigMul(x._b, x._b) + Math.BigMul(2 * x._d, e19);
        var d = Math.BigMul(a2, x._d) + Math.BigMul(b2, x._c) + Math.BigMul(x._e, e19);
        var e = Math.BigMul(a2, x._e) + Math.BigMul(b2, x._d) + Math.BigMul(x._c, x._c);
        return Reduce(a, b, c, d, e);
    }

    /// <summary>1/x by Fermat's theorem, x^(p-2) with p-2 = 2^255 - 21; 0 for 0.</summary>
    public static Ed25519Field Invert(in Ed25519Field x)
    {
        var (high, x11) = Power2To250Minus1(x);
        return Multiply(SquareTimes(high, 5), x11);
    }

    /// <summary>x^((p-5)/8), the exponent 2^252 - 3 of square roots (RFC 8032 section 5.1.3).</summary>
    public static Ed25519Field RootPower(in Ed25519Field x)
    {
        var (high, _) = Power2To250Minus1(x);
        return Multiply(SquareTimes(high, 2), x);
    }

    /// <summary><paramref name="y"/> where <paramref name="mask"/> is all ones, <paramref name="x"/> where it is zero, without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Ed25519Field Select(in Ed25519Field x, in Ed25519Field y, ulong mask) => new(
        x._a ^ (mask & (x._a ^ y._a)),
        x._b ^ (mask & (x._b ^ y._b)),
        x._c ^ (mask & (x._c ^ y._c)),
        x._d ^ (mask & (x._d ^ y._d)),
        x._e ^ (mask & (x._e ^ y._e)));

    /// <summary>Compares two public values.</summary>
    public static bool Same(in Ed25519Field x, in Ed25519Field y)
    {
        Span<byte> left = stackalloc byte[32];
        Span<byte> right = stackalloc byte[32];
        x.Write(left);
        y.Write(right);
        return left.SequenceEqual(right);
    }

    private static Ed25519Field SquareTimes(Ed25519Field x, int times)
    {
        for (var i = 0; i < times; i++)
            x = Square(x);
        return x;
    }

    // Doubles the length of a run of ones in the exponent: 5, 10, 20, 40, 50, 100, 200, 250.
    private static (Ed25519Field High, Ed25519Field X11) Power2To250Minus1(in Ed25519Field x)
    {
        var x2 = Square(x);
        var x9 = Multiply(SquareTimes(x2, 2), x);
        var x11 = Multiply(x9, x2);
        var ones5 = Multiply(Square(x11), x9);
        var ones10 = Multiply(SquareTimes(ones5, 5), ones5);
        var ones20 = Multiply(SquareTimes(ones10, 10), ones10);
        var ones40 = Multiply(SquareTimes(ones20, 20), ones20);
        var ones50 = Multiply(SquareTimes(ones40, 10), ones10);
        var ones100 = Multiply(SquareTimes(ones50, 50), ones50);
        var ones200 = Multiply(SquareTimes(ones100, 100), ones100);
        return (Multiply(SquareTimes(ones200, 50), ones50), x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Ed25519Field Reduce(UInt128 a, UInt128 b, UInt128 c, UInt128 d, UInt128 e)
    {
        b += (ulong)(a >> LimbBits);
        c += (ulong)(b >> LimbBits);
        d += (ulong)(c >> LimbBits);
        e += (ulong)(d >> LimbBits);
        var low = ((ulong)a & LimbMask) + (19 * (ulong)(e >> LimbBits));
        return new Ed25519Field(
            low & LimbMask,
            ((ulong)b & LimbMask) + (low >> LimbBits),
            (ulong)c & LimbMask,
            (ulong)d & LimbMask,
            (ulong)e & LimbMask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Ed25519Field Carry(ulong a, ulong b, ulong c, ulong d, ulong e)
    {
        b += a >> LimbBits;
        c += b >> LimbBits;
        d += c >> LimbBits;
        e += d >> LimbBits;
        a = (a & LimbMask) + (19 * (e >> LimbBits));
        return new Ed25519Field(
            a & LimbMask,
            (b & LimbMask) + (a >> LimbBits),
            c & LimbMask,
            d & LimbMask,
            e & LimbMask);
    }
}
