using System.Runtime.CompilerServices;

namespace OrleansAuth.Keys;

/// <summary>
/// A point of edwards25519 in extended coordinates (RFC 8032 section 5.1.4): x = X/Z, y = Y/Z, XY = ZT. The formulas hold
/// for every pair of points, so there are no special cases to time.
/// </summary>
internal readonly struct Ed25519Point(Ed25519Field x, Ed25519Field y, Ed25519Field z, Ed25519Field t)
{
    public const int Size = 32;

    private readonly Ed25519Field _x = x, _y = y, _z = z, _t = t;

    public static Ed25519Point Identity { get; } = new(Ed25519Field.Zero, Ed25519Field.One, Ed25519Field.One, Ed25519Field.Zero);

    /// <summary>The curve's constant d = -121665/121666.</summary>
    public static Ed25519Field D { get; } = Ed25519Field.Negate(
        Ed25519Field.Multiply(Ed25519Field.From(121_665), Ed25519Field.Invert(Ed25519Field.From(121_666))));

    private static readonly Ed25519Field TwiceD = Ed25519Field.Add(D, D);

    // A square root of -1: 2^((p-1)/4), where (p-1)/4 is twice (p-5)/8 and one.
    private static readonly Ed25519Field RootOfMinusOne =
        Ed25519Field.Multiply(Ed25519Field.Square(Ed25519Field.RootPower(Ed25519Field.From(2))), Ed25519Field.From(2));

    /// <summary>The base point: y = 4/5, x even.</summary>
    public static Ed25519Point Base { get; } = MakeBase();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Ed25519Point Add(in Ed25519Point p, in Ed25519Point q)
    {
        var a = Ed25519Field.Multiply(Ed25519Field.Subtract(p._y, p._x), Ed25519Field.Subtract(q._y, q._x));
        var b = Ed25519Field.Multiply(Ed25519Field.Add(p._y, p._x), Ed25519Field.Add(q._y, q._x));
        var c = Ed25519Field.Multiply(Ed25519Field.Multiply(p._t, TwiceD), q._t);
        var d = Ed25519Field.Multiply(Ed25519Field.Add(p._z, p._z), q._z);
        return Join(Ed25519Field.Subtract(b, a), Ed25519Field.Subtract(d, c), Ed25519Field.Add(d, c), Ed25519Field.Add(b, a));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Ed25519Point Add(in Ed25519Point p, in Ed25519TablePoint q)
    {
        var a = Ed25519Field.Multiply(Ed25519Field.Subtract(p._y, p._x), q.Minus);
        var b = Ed25519Field.Multiply(Ed25519Field.Add(p._y, p._x), q.Plus);
        var c = Ed25519Field.Multiply(p._t, q.Product);
        var d = Ed25519Field.Add(p._z, p._z);
        return Join(Ed25519Field.Subtract(b, a), Ed25519Field.Subtract(d, c), Ed25519Field.Add(d, c), Ed25519Field.Add(b, a));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Ed25519Point Double(in Ed25519Point p)
    {
        var a = Ed25519Field.Square(p._x);
        var b = Ed25519Field.Square(p._y);
        var z = Ed25519Field.Square(p._z);
        var h = Ed25519Field.Add(a, b);
        var e = Ed25519Field.Subtract(h, Ed25519Field.Square(Ed25519Field.Add(p._x, p._y)));
        var g = Ed25519Field.Subtract(a, b);
        return Join(e, Ed25519Field.Add(Ed25519Field.Add(z, z), g), g, h);
    }

    public static Ed25519Point Negate(in Ed25519Point p) =>
        new(Ed25519Field.Negate(p._x), p._y, p._z, Ed25519Field.Negate(p._t));

    /// <summary>The form in which the fixed tables hold a point.</summary>
    public Ed25519TablePoint ToTable()
    {
        var inverse = Ed25519Field.Invert(_z);
        var (px, py) = (Ed25519Field.Multiply(_x, inverse), Ed25519Field.Multiply(_y, inverse));
        return new Ed25519TablePoint(
            Ed25519Field.Subtract(Ed25519Field.Add(py, px), Ed25519Field.Zero),
            Ed25519Field.Subtract(py, px),
            Ed25519Field.Multiply(Ed25519Field.Multiply(px, py), TwiceD));
    }

    /// <summary>Writes the encoding of RFC 8032 section 5.1.2: y, and the lowest bit of x on top.</summary>
    public void Write(Span<byte> bytes)
    {
        var inverse = Ed25519Field.Invert(_z);
        Span<byte> px = stackalloc byte[Size];
        Ed25519Field.Multiply(_x, inverse).Write(px);
        Ed25519Field.Multiply(_y, inverse).Write(bytes);
        bytes[31] |= (byte)(px[0] << 7);
    }

    /// <summary>Reads a public encoding (RFC 8032 section 5.1.3). False unless it is the canonical encoding of a point on the curve.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Ed25519Point point)
    {
        point = Identity;
        if (bytes.Length != Size || !Ed25519Field.IsCanonical(bytes)) return false;
        var y = Ed25519Field.Read(bytes);

        // x² = (y² - 1) / (d y² + 1)
        var yy = Ed25519Field.Square(y);
        var u = Ed25519Field.Subtract(yy, Ed25519Field.One);
        var v = Ed25519Field.Add(Ed25519Field.Multiply(D, yy), Ed25519Field.One);
        if (!TryRoot(u, v, out var x)) return false;

        var negative = bytes[31] >> 7;
        Span<byte> xBytes = stackalloc byte[Size];
        x.Write(xBytes);
        if (negative == 1 && !xBytes.ContainsAnyExcept((byte)0)) return false;
        if ((xBytes[0] & 1) != negative) x = Ed25519Field.Negate(x);
        point = new Ed25519Point(x, y, Ed25519Field.One, Ed25519Field.Multiply(x, y));
        return true;
    }

    /// <summary>True for the eight points whose order divides 8: keys and commitments made of them prove nothing.</summary>
    public bool IsSmall
    {
        get
        {
            var eightfold = Double(Double(Double(this)));
            return Ed25519Field.Same(eightfold._x, Ed25519Field.Zero) && Ed25519Field.Same(eightfold._y, eightfold._z);
        }
    }

    private static bool TryRoot(in Ed25519Field u, in Ed25519Field v, out Ed25519Field x)
    {
        var v3 = Ed25519Field.Multiply(Ed25519Field.Square(v), v);
        var v7 = Ed25519Field.Multiply(Ed25519Field.Square(v3), v);
        x = Ed25519Field.Multiply(Ed25519Field.Multiply(u, v3), Ed25519Field.RootPower(Ed25519Field.Multiply(u, v7)));
        var check = Ed25519Field.Multiply(v, Ed25519Field.Square(x));
        if (Ed25519Field.Same(check, u)) return true;
        if (!Ed25519Field.Same(check, Ed25519Field.Negate(u))) return false;
        x = Ed25519Field.Multiply(x, RootOfMinusOne);
        return true;
    }

    private static Ed25519Point Join(in Ed25519Field e, in Ed25519Field f, in Ed25519Field g, in Ed25519Field h) => new(
        Ed25519Field.Multiply(e, f), Ed25519Field.Multiply(g, h), Ed25519Field.Multiply(f, g), Ed25519Field.Multiply(e, h));

    private static Ed25519Point MakeBase()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Ed25519Field.Multiply(Ed25519Field.From(4), Ed25519Field.Invert(Ed25519Field.From(5))).Write(bytes);
        return TryRead(bytes, out var point) ? point : throw new InvalidOperationException("The base point is not on the curve.");
    }
}

/// <summary>A point with Z = 1 as y + x, y - x and 2dxy, which saves work when it is added again and again.</summary>
internal readonly record struct Ed25519TablePoint(Ed25519Field Plus, Ed25519Field Minus, Ed25519Field Product)
{
    public static Ed25519TablePoint Identity { get; } = new(Ed25519Field.One, Ed25519Field.One, Ed25519Field.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Ed25519TablePoint Select(in Ed25519TablePoint p, in Ed25519TablePoint q, ulong mask) => new(
        Ed25519Field.Select(p.Plus, q.Plus, mask),
        Ed25519Field.Select(p.Minus, q.Minus, mask),
        Ed25519Field.Select(p.Product, q.Product, mask));

    /// <summary>The negative of the point where <paramref name="mask"/> is all ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Ed25519TablePoint NegateIf(ulong mask) => new(
        Ed25519Field.Select(Plus, Minus, mask),
        Ed25519Field.Select(Minus, Plus, mask),
        Ed25519Field.Select(Product, Ed25519Field.Negate(Product), mask));
}
