using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansAuth.Users;

/// <summary>What SHA-256 (FIPS 180-4 section 4.1.2) needs of a vector whose elements are one message each.</summary>
internal interface ISha256Vector<T> where T : unmanaged
{
    /// <summary>Messages hashed at once.</summary>
    static abstract int Lanes { get; }

    static abstract T Broadcast(uint value);

    static abstract T Xor(T x, T y);

    static abstract T Add(T x, T y);

    /// <summary>The next word of the message schedule: σ1(w2) + w7 + σ0(w15) + w16, named by their distance.</summary>
    static abstract T Schedule(T w16, T w15, T w7, T w2);

    /// <summary>T1 of a round: h + Σ1(e) + Ch(e, f, g) + k + w.</summary>
    static abstract T First(T e, T f, T g, T h, T kw);

    /// <summary>T2 of a round: Σ0(a) + Maj(a, b, c).</summary>
    static abstract T Second(T a, T b, T c);
}

/// <summary>The SHA-256 compression function over as many independent messages as a vector has elements.</summary>
internal static class Sha256Lanes<T, TVector> where T : unmanaged where TVector : ISha256Vector<T>
{
    /// <summary>Writes the state that follows <paramref name="state"/> after one block. The two states may be the same.</summary>
    /// <param name="state">Eight words.</param>
    /// <param name="block">Sixteen words; overwritten with the end of the message schedule.</param>
    /// <param name="next">Eight words.</param>
    // Compiled once and fully: a login must not wait for tiers. Sixteen rounds are written out, so that the state and the
    // schedule's window keep their names from turn to turn and can stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(ReadOnlySpan<T> state, Span<T> block, Span<T> next)
    {
        ref var w = ref MemoryMarshal.GetReference(block[..16]);
        ref var s = ref MemoryMarshal.GetReference(state[..8]);
        var (a, b, c, d) = (s, Unsafe.Add(ref s, 1), Unsafe.Add(ref s, 2), Unsafe.Add(ref s, 3));
        var (e, f, g, h) = (Unsafe.Add(ref s, 4), Unsafe.Add(ref s, 5), Unsafe.Add(ref s, 6), Unsafe.Add(ref s, 7));
        ref var k = ref MemoryMarshal.GetReference(Sha256Constants.Rounds);
        T t;

        t = TVector.First(e, f, g, h, TVector.Add(TVector.Broadcast(k), w));
        d = TVector.Add(d, t);
        h = TVector.Add(t, TVector.Second(a, b, c));
        t = TVector.First(d, e, f, g, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 1)), Unsafe.Add(ref w, 1)));
        c = TVector.Add(c, t);
        g = TVector.Add(t, TVector.Second(h, a, b));
        t = TVector.First(c, d, e, f, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 2)), Unsafe.Add(ref w, 2)));
        b = TVector.Add(b, t);
        f = TVector.Add(t, TVector.Second(g, h, a));
        t = TVector.First(b, c, d, e, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 3)), Unsafe.Add(ref w, 3)));
        a = TVector.Add(a, t);
        e = TVector.Add(t, TVector.Second(f, g, h));
        t = TVector.First(a, b, c, d, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 4)), Unsafe.Add(ref w, 4)));
        h = TVector.Add(h, t);
        d = TVector.Add(t, TVector.Second(e, f, g));
        t = TVector.First(h, a, b, c, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 5)), Unsafe.Add(ref w, 5)));
        g = TVector.Add(g, t);
        c = TVector.Add(t, TVector.Second(d, e, f));
        t = TVector.First(g, h, a, b, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 6)), Unsafe.Add(ref w, 6)));
        f = TVector.Add(f, t);
        b = TVector.Add(t, TVector.Second(c, d, e));
        t = TVector.First(f, g, h, a, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 7)), Unsafe.Add(ref w, 7)));
        e = TVector.Add(e, t);
        a = TVector.Add(t, TVector.Second(b, c, d));
        t = TVector.First(e, f, g, h, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 8)), Unsafe.Add(ref w, 8)));
        d = TVector.Add(d, t);
        h = TVector.Add(t, TVector.Second(a, b, c));
        t = TVector.First(d, e, f, g, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 9)), Unsafe.Add(ref w, 9)));
        c = TVector.Add(c, t);
        g = TVector.Add(t, TVector.Second(h, a, b));
        t = TVector.First(c, d, e, f, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 10)), Unsafe.Add(ref w, 10)));
        b = TVector.Add(b, t);
        f = TVector.Add(t, TVector.Second(g, h, a));
        t = TVector.First(b, c, d, e, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 11)), Unsafe.Add(ref w, 11)));
        a = TVector.Add(a, t);
        e = TVector.Add(t, TVector.Second(f, g, h));
        t = TVector.First(a, b, c, d, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 12)), Unsafe.Add(ref w, 12)));
        h = TVector.Add(h, t);
        d = TVector.Add(t, TVector.Second(e, f, g));
        t = TVector.First(h, a, b, c, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 13)), Unsafe.Add(ref w, 13)));
        g = TVector.Add(g, t);
        c = TVector.Add(t, TVector.Second(d, e, f));
        t = TVector.First(g, h, a, b, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 14)), Unsafe.Add(ref w, 14)));
        f = TVector.Add(f, t);
        b = TVector.Add(t, TVector.Second(c, d, e));
        t = TVector.First(f, g, h, a, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 15)), Unsafe.Add(ref w, 15)));
        e = TVector.Add(e, t);
        a = TVector.Add(t, TVector.Second(b, c, d));

        for (var turn = 1; turn < 4; turn++)
        {
            k = ref Unsafe.Add(ref k, 16);
            w = TVector.Schedule(w, Unsafe.Add(ref w, 1), Unsafe.Add(ref w, 9), Unsafe.Add(ref w, 14));
            t = TVector.First(e, f, g, h, TVector.Add(TVector.Broadcast(k), w));
            d = TVector.Add(d, t);
            h = TVector.Add(t, TVector.Second(a, b, c));
            Unsafe.Add(ref w, 1) = TVector.Schedule(Unsafe.Add(ref w, 1), Unsafe.Add(ref w, 2), Unsafe.Add(ref w, 10), Unsafe.Add(ref w, 15));
            t = TVector.First(d, e, f, g, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 1)), Unsafe.Add(ref w, 1)));
            c = TVector.Add(c, t);
            g = TVector.Add(t, TVector.Second(h, a, b));
            Unsafe.Add(ref w, 2) = TVector.Schedule(Unsafe.Add(ref w, 2), Unsafe.Add(ref w, 3), Unsafe.Add(ref w, 11), w);
            t = TVector.First(c, d, e, f, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 2)), Unsafe.Add(ref w, 2)));
            b = TVector.Add(b, t);
            f = TVector.Add(t, TVector.Second(g, h, a));
            Unsafe.Add(ref w, 3) = TVector.Schedule(Unsafe.Add(ref w, 3), Unsafe.Add(ref w, 4), Unsafe.Add(ref w, 12), Unsafe.Add(ref w, 1));
            t = TVector.First(b, c, d, e, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 3)), Unsafe.Add(ref w, 3)));
            a = TVector.Add(a, t);
            e = TVector.Add(t, TVector.Second(f, g, h));
            Unsafe.Add(ref w, 4) = TVector.Schedule(Unsafe.Add(ref w, 4), Unsafe.Add(ref w, 5), Unsafe.Add(ref w, 13), Unsafe.Add(ref w, 2));
            t = TVector.First(a, b, c, d, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 4)), Unsafe.Add(ref w, 4)));
            h = TVector.Add(h, t);
            d = TVector.Add(t, TVector.Second(e, f, g));
            Unsafe.Add(ref w, 5) = TVector.Schedule(Unsafe.Add(ref w, 5), Unsafe.Add(ref w, 6), Unsafe.Add(ref w, 14), Unsafe.Add(ref w, 3));
            t = TVector.First(h, a, b, c, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 5)), Unsafe.Add(ref w, 5)));
            g = TVector.Add(g, t);
            c = TVector.Add(t, TVector.Second(d, e, f));
            Unsafe.Add(ref w, 6) = TVector.Schedule(Unsafe.Add(ref w, 6), Unsafe.Add(ref w, 7), Unsafe.Add(ref w, 15), Unsafe.Add(ref w, 4));
            t = TVector.First(g, h, a, b, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 6)), Unsafe.Add(ref w, 6)));
            f = TVector.Add(f, t);
            b = TVector.Add(t, TVector.Second(c, d, e));
            Unsafe.Add(ref w, 7) = TVector.Schedule(Unsafe.Add(ref w, 7), Unsafe.Add(ref w, 8), w, Unsafe.Add(ref w, 5));
            t = TVector.First(f, g, h, a, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 7)), Unsafe.Add(ref w, 7)));
            e = TVector.Add(e, t);
            a = TVector.Add(t, TVector.Second(b, c, d));
            Unsafe.Add(ref w, 8) = TVector.Schedule(Unsafe.Add(ref w, 8), Unsafe.Add(ref w, 9), Unsafe.Add(ref w, 1), Unsafe.Add(ref w, 6));
            t = TVector.First(e, f, g, h, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 8)), Unsafe.Add(ref w, 8)));
            d = TVector.Add(d, t);
            h = TVector.Add(t, TVector.Second(a, b, c));
            Unsafe.Add(ref w, 9) = TVector.Schedule(Unsafe.Add(ref w, 9), Unsafe.Add(ref w, 10), Unsafe.Add(ref w, 2), Unsafe.Add(ref w, 7));
            t = TVector.First(d, e, f, g, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 9)), Unsafe.Add(ref w, 9)));
            c = TVector.Add(c, t);
            g = TVector.Add(t, TVector.Second(h, a, b));
            Unsafe.Add(ref w, 10) = TVector.Schedule(Unsafe.Add(ref w, 10), Unsafe.Add(ref w, 11), Unsafe.Add(ref w, 3), Unsafe.Add(ref w, 8));
            t = TVector.First(c, d, e, f, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 10)), Unsafe.Add(ref w, 10)));
            b = TVector.Add(b, t);
            f = TVector.Add(t, TVector.Second(g, h, a));
            Unsafe.Add(ref w, 11) = TVector.Schedule(Unsafe.Add(ref w, 11), Unsafe.Add(ref w, 12), Unsafe.Add(ref w, 4), Unsafe.Add(ref w, 9));
            t = TVector.First(b, c, d, e, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 11)), Unsafe.Add(ref w, 11)));
            a = TVector.Add(a, t);
            e = TVector.Add(t, TVector.Second(f, g, h));
            Unsafe.Add(ref w, 12) = TVector.Schedule(Unsafe.Add(ref w, 12), Unsafe.Add(ref w, 13), Unsafe.Add(ref w, 5), Unsafe.Add(ref w, 10));
            t = TVector.First(a, b, c, d, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 12)), Unsafe.Add(ref w, 12)));
            h = TVector.Add(h, t);
            d = TVector.Add(t, TVector.Second(e, f, g));
            Unsafe.Add(ref w, 13) = TVector.Schedule(Unsafe.Add(ref w, 13), Unsafe.Add(ref w, 14), Unsafe.Add(ref w, 6), Unsafe.Add(ref w, 11));
            t = TVector.First(h, a, b, c, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 13)), Unsafe.Add(ref w, 13)));
            g = TVector.Add(g, t);
            c = TVector.Add(t, TVector.Second(d, e, f));
            Unsafe.Add(ref w, 14) = TVector.Schedule(Unsafe.Add(ref w, 14), Unsafe.Add(ref w, 15), Unsafe.Add(ref w, 7), Unsafe.Add(ref w, 12));
            t = TVector.First(g, h, a, b, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 14)), Unsafe.Add(ref w, 14)));
            f = TVector.Add(f, t);
            b = TVector.Add(t, TVector.Second(c, d, e));
            Unsafe.Add(ref w, 15) = TVector.Schedule(Unsafe.Add(ref w, 15), w, Unsafe.Add(ref w, 8), Unsafe.Add(ref w, 13));
            t = TVector.First(f, g, h, a, TVector.Add(TVector.Broadcast(Unsafe.Add(ref k, 15)), Unsafe.Add(ref w, 15)));
            e = TVector.Add(e, t);
            a = TVector.Add(t, TVector.Second(b, c, d));
        }

        ref var n = ref MemoryMarshal.GetReference(next[..8]);
        n = TVector.Add(a, s);
        Unsafe.Add(ref n, 1) = TVector.Add(b, Unsafe.Add(ref s, 1));
        Unsafe.Add(ref n, 2) = TVector.Add(c, Unsafe.Add(ref s, 2));
        Unsafe.Add(ref n, 3) = TVector.Add(d, Unsafe.Add(ref s, 3));
        Unsafe.Add(ref n, 4) = TVector.Add(e, Unsafe.Add(ref s, 4));
        Unsafe.Add(ref n, 5) = TVector.Add(f, Unsafe.Add(ref s, 5));
        Unsafe.Add(ref n, 6) = TVector.Add(g, Unsafe.Add(ref s, 6));
        Unsafe.Add(ref n, 7) = TVector.Add(h, Unsafe.Add(ref s, 7));
    }
}
