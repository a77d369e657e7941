using System.Collections.Immutable;

namespace OrleansAuth.WebAuthn;

/// <summary>What a <see cref="CborValue"/> is.</summary>
public enum CborKind
{
    /// <summary>A whole number that fits 64 bits with sign.</summary>
    Number,

    Bytes,

    Text,

    Array,

    /// <summary>Keys are numbers or texts.</summary>
    Map,

    /// <summary>True, false or null.</summary>
    Simple,
}

/// <summary>One value of CBOR (RFC 8949), as <see cref="CborReader"/> reads it. Bytes point into what was read.</summary>
public sealed class CborValue
{
    internal CborValue(CborKind kind) => Kind = kind;

    public CborKind Kind { get; }

    /// <summary>For <see cref="CborKind.Number"/>; for <see cref="CborKind.Simple"/> 20 (false), 21 (true) or 22 (null).</summary>
    public long Number { get; internal init; }

    /// <summary>For <see cref="CborKind.Bytes"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; internal init; }

    /// <summary>For <see cref="CborKind.Text"/>.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>For <see cref="CborKind.Array"/>.</summary>
    public ImmutableArray<CborValue> Items { get; internal init; } = [];

    /// <summary>For <see cref="CborKind.Map"/>: no key stands there twice.</summary>
    public ImmutableArray<(CborValue Key, CborValue Value)> Members { get; internal init; } = [];

    /// <summary>The member of a map with this number as its key, or null.</summary>
    public CborValue? Find(long key) => Find(k => k.Kind == CborKind.Number && k.Number == key);

    /// <summary>The member of a map with this text as its key, or null.</summary>
    public CborValue? Find(string key) => Find(k => k.Kind == CborKind.Text && k.Text == key);

    private CborValue? Find(Func<CborValue, bool> isKey)
    {
        foreach (var (key, value) in Members)
            if (isKey(key)) return value;
        return null;
    }
}
