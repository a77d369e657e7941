using System.Buffers.Text;
using System.Security.Cryptography;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// The <c>state</c> of a login at a provider: the tenant, so that the way back is found, and 256 random bits. What else the
/// protocol wants to be secret (nonce, code verifier) follows from it and the master key, so nothing secret is stored, and who
/// sees the state in an address knows neither.
/// </summary>
internal sealed class UpstreamState
{
    private const int RandomSize = 32;

    private UpstreamState(Guid tenantId, string text) => (TenantId, Text) = (tenantId, text);

    public Guid TenantId { get; }

    /// <summary>As it travels.</summary>
    public string Text { get; }

    public static UpstreamState New(Guid tenantId) =>
        new(tenantId, Base64Url.EncodeToString([.. tenantId.ToByteArray(bigEndian: true), .. RandomNumberGenerator.GetBytes(RandomSize)]));

    /// <summary>Null for what is none; whether a login has it is not known yet.</summary>
    public static UpstreamState? Read(string? text)
    {
        if (text is not { Length: > 0 and <= 128 } || !Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length == 16 + RandomSize && Base64Url.EncodeToString(bytes) == text ? new UpstreamState(new Guid(bytes.AsSpan(0, 16), bigEndian: true), text) : null;
    }

    /// <summary>What the ID token has to repeat (OpenID Connect Core, section 3.1.2.1).</summary>
    public string Nonce(SecretBox secrets) => Base64Url.EncodeToString(secrets.Mark(Text, "upstream-nonce"));

    /// <summary>What redeems the code (RFC 7636, section 4.1).</summary>
    public string Verifier(SecretBox secrets) => Base64Url.EncodeToString(secrets.Mark(Text, "upstream-verifier"));

    /// <summary>What the authorization request shows of the verifier.</summary>
    public string Challenge(SecretBox secrets) => Pkce.ChallengeOf(Verifier(secrets));

    public override string ToString() => "state";
}
