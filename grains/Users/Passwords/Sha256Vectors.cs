using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansAuth.Users;

/// <summary>Sixteen messages at once, for processors with AVX-512, whose rotations and three-way logic make it worth while.</summary>
internal readonly struct Sha256Sixteen : ISha256Vector<Vector512<uint>>
{
    // Truth tables of the three-way functions, read with x as the high bit.
    private const byte Parity = 0x96;
    private const byte Choice = 0xca;
    private const byte Majority = 0xe8;

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    public static int Lanes => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Broadcast(uint value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> x, Vector512<uint> y) => x ^ y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> x, Vector512<uint> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Schedule(Vector512<uint> w16, Vector512<uint> w15, Vector512<uint> w7, Vector512<uint> w2) =>
        w16 + w7
        + Avx512F.TernaryLogic(Avx512F.RotateRight(w15, 7), Avx512F.RotateRight(w15, 18), w15 >>> 3, Parity)
        + Avx512F.TernaryLogic(Avx512F.RotateRight(w2, 17), Avx512F.RotateRight(w2, 19), w2 >>> 10, Parity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> First(Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, Vector512<uint> h, Vector512<uint> kw) =>
        h + kw
        + Avx512F.TernaryLogic(e, f, g, Choice)
        + Avx512F.TernaryLogic(Avx512F.RotateRight(e, 6), Avx512F.RotateRight(e, 11), Avx512F.RotateRight(e, 25), Parity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Second(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.TernaryLogic(Avx512F.RotateRight(a, 2), Avx512F.RotateRight(a, 13), Avx512F.RotateRight(a, 22), Parity)
        + Avx512F.TernaryLogic(a, b, c, Majority);
}

/// <summary>Eight messages at once, for any processor with 256-bit vectors.</summary>
internal readonly struct Sha256Eight : ISha256Vector<Vector256<uint>>
{
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public static int Lanes => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Broadcast(uint value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> x, Vector256<uint> y) => x ^ y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> x, Vector256<uint> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Schedule(Vector256<uint> w16, Vector256<uint> w15, Vector256<uint> w7, Vector256<uint> w2) =>
        w16 + w7
        + (Rotate(w15, 7) ^ Rotate(w15, 18) ^ (w15 >>> 3))
        + (Rotate(w2, 17) ^ Rotate(w2, 19) ^ (w2 >>> 10));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> First(Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, Vector256<uint> h, Vector256<uint> kw) =>
        h + kw + (((f ^ g) & e) ^ g) + (Rotate(e, 6) ^ Rotate(e, 11) ^ Rotate(e, 25));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Second(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        (Rotate(a, 2) ^ Rotate(a, 13) ^ Rotate(a, 22)) + ((a & b) | (c & (a | b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate(Vector256<uint> x, int bits) => (x >>> bits) | (x << (32 - bits));
}
