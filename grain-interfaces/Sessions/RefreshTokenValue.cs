using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace OrleansAuth.Sessions;

/// <summary>
/// A refresh token as clients hold it: base64url of the tenant's id, the session's id and 32 secret bytes. It says where it
/// belongs, so that it is found without a look-up; that alone gives no right. Of the secret bytes, the first half stays the
/// same through all values of a session and tells an old value from an invented one; the second half is new with every value.
/// </summary>
public sealed class RefreshTokenValue
{
    /// <summary>How many characters a token of this form has.</summary>
    public const int Length = 86;

    private const int FamilyBytes = 16;
    private readonly byte[] _secret;

    private RefreshTokenValue(Guid tenantId, Guid sessionId, byte[] secret) => (TenantId, SessionId, _secret) = (tenantId, sessionId, secret);

    public Guid TenantId { get; }

    public Guid SessionId { get; }

    /// <summary>What the store keeps of a value: the SHA-256 of its secret bytes.</summary>
    public byte[] Hash() => SHA256.HashData(_secret);

    /// <summary>What the store keeps of the part that all values of a session share, as SHA-256.</summary>
    public byte[] FamilyHash() => SHA256.HashData(_secret.AsSpan(0, FamilyBytes));

    /// <summary>The text that the client gets. The only way to see the secret.</summary>
    public string Reveal()
    {
        Span<byte> bytes = stackalloc byte[64];
        TenantId.TryWriteBytes(bytes, bigEndian: true, out _);
        SessionId.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        _secret.CopyTo(bytes[32..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The first value of a session.</summary>
    public static RefreshTokenValue New(Guid tenantId, Guid sessionId) => new(tenantId, sessionId, RandomNumberGenerator.GetBytes(32));

    /// <summary>
    /// Stands for a value of another form that was imported: the values that follow it share a family that is made from it.
    /// </summary>
    public static RefreshTokenValue FromImported(Guid tenantId, Guid sessionId, string imported)
    {
        var secret = HMACSHA256.HashData("orleansauth refresh token family"u8, System.Text.Encoding.UTF8.GetBytes(imported));
        return new RefreshTokenValue(tenantId, sessionId, secret);
    }

    /// <summary>
    /// The value that follows <paramref name="presented"/>. Whoever holds both the presented value and the seed can make it
    /// again; the store has only the seed, and a client only the value.
    /// </summary>
    /// <param name="presented">The text that the client sent.</param>
    /// <param name="seed">At least 16 random bytes, new for every rotation.</param>
    public RefreshTokenValue Next(string presented, byte[] seed)
    {
        var fresh = HMACSHA256.HashData(seed, System.Text.Encoding.UTF8.GetBytes(presented));
        return new RefreshTokenValue(TenantId, SessionId, [.. _secret.AsSpan(0, FamilyBytes), .. fresh.AsSpan(0, 32 - FamilyBytes)]);
    }

    /// <summary>Reads a token of this form; false for any other text, also for one that is longer, shorter or padded.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out RefreshTokenValue? value)
    {
        value = null;
        if (text is not { Length: Length }) return false;
        Span<byte> bytes = stackalloc byte[64];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != 64) return false;

        // One value has one spelling: the last character's spare bits are zero.
        if (!Base64Url.EncodeToString(bytes).Equals(text, StringComparison.Ordinal)) return false;
        value = new RefreshTokenValue(new Guid(bytes[..16], bigEndian: true), new Guid(bytes[16..32], bigEndian: true), bytes[32..].ToArray());
        return true;
    }

    /// <summary>Names the session only: the secret has no business in a log.</summary>
    public override string ToString() => $"refresh token of session {SessionId}";
}
