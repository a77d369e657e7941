namespace OrleansAuth.Keys;

/// <summary>Why a key was refused, in the rules of the contract's error codes: <c>[invalid]key.privateKey</c>.</summary>
/// <param name="Rule"><c>missing</c>, <c>invalid</c>, <c>mismatch</c>, <c>tooShort</c> or <c>tooLong</c>.</param>
/// <param name="Field">The member of the request's key: <c>algorithm</c>, <c>length</c>, <c>publicKey</c>, <c>privateKey</c>, <c>certificate</c> or <c>secret</c>.</param>
public sealed record KeyFault(string Rule, string Field)
{
    /// <summary>The code as the contract writes it.</summary>
    public string Code => $"[{Rule}]key.{Field}";

    internal static KeyFault Missing(string field) => new("missing", field);

    /// <summary>Not what the field holds: not PEM, encrypted, another kind of key.</summary>
    internal static KeyFault Invalid(string field) => new("invalid", field);

    /// <summary>Well formed, but does not belong to the other parts.</summary>
    internal static KeyFault Mismatch(string field) => new("mismatch", field);

    internal static KeyFault TooShort(string field) => new("tooShort", field);

    internal static KeyFault TooLong(string field) => new("tooLong", field);
}

/// <summary>A key, or why there is none.</summary>
public readonly record struct KeyResult
{
    private KeyResult(KeyMaterial? key, KeyFault? fault) => (Key, Fault) = (key, fault);

    public KeyMaterial? Key { get; }

    public KeyFault? Fault { get; }

    public static implicit operator KeyResult(KeyMaterial key) => new(key, null);

    public static implicit operator KeyResult(KeyFault fault) => new(null, fault);

    public static KeyResult FromKeyMaterial(KeyMaterial key) => key;

    public static KeyResult FromKeyFault(KeyFault fault) => fault;
}
