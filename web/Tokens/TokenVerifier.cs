using System.Buffers.Text;
using System.Text.Json;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.Tokens;

/// <summary>
/// Verifies our own tokens (RFC 8725). The header only chooses a key of the snapshot; the key says which algorithm there is,
/// and the tenant in the token says which issuer. Addresses and keys in headers are never looked at, and nothing is
/// fetched. Whatever is wrong, the answer is the same null.
/// </summary>
internal sealed class TokenVerifier(Clock clock, PublicAddress address) : IAccessTokenVerifier
{
    /// <summary>In the header's <c>gty</c>: the claims were chosen by a holder of an API key, so they prove no login.</summary>
    public const string Vended = "vend";

    /// <summary>Longer tokens are not looked at. In characters.</summary>
    private const int Longest = 16_384;

    /// <summary>How far the clocks of nodes may be apart, in seconds. An end of life is exact.</summary>
    private const long Skew = 30;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = ContractJson.MaximumDepth };

    private readonly VerifiedSignatures _known = new();

    public AccessToken? Verify(string token, ConfigurationSnapshot snapshot) => VerifyUnproved(token, snapshot) is { Thumbprint: null } free ? free : null;

    /// <summary>
    /// The same, also for a token that is bound to a key: whoever lets it do something asks for the proof. Every access token
    /// says how its user signed in; ID tokens, vended ones and those of entities do not, and are none.
    /// </summary>
    public AccessToken? VerifyUnproved(string token, ConfigurationSnapshot snapshot)
    {
        if (Open(token, snapshot) is not { IsVended: false } signed || !IsMeantForUs(signed.Claims, snapshot, out var tenantId, out var application)) return null;
        if (Id(signed.Claims, "sub") is not { } user || Text(signed.Claims, "authenticationType") is null) return null;
        return new AccessToken(user, tenantId, Id(signed.Claims, "applicationId"), signed.Claims)
        {
            ApplicationOfAudience = application,
            Thumbprint = signed.Claims.TryGetProperty("cnf", out var bound) && bound.ValueKind == JsonValueKind.Object ? Text(bound, "jkt") : null,
        };
    }

    /// <summary>The claims of an entity's token (RFC 6749, section 4.4) of a tenant that exists; it names no user, so it is good for nothing but showing.</summary>
    public JsonElement? VerifyOfEntity(string token, ConfigurationSnapshot snapshot) =>
        Open(token, snapshot) is { IsVended: false, IsOfEntity: true } signed && IsOfTenant(signed.Claims, snapshot, out _) ? signed.Claims : null;

    /// <summary>
    /// The claims of a token that is genuine, of this time, and of a tenant that exists, whoever chose its other claims.
    /// Good for showing, never for acting as a user.
    /// </summary>
    public JsonElement? VerifyForShow(string token, ConfigurationSnapshot snapshot) =>
        Open(token, snapshot) is { } signed && IsOfTenant(signed.Claims, snapshot, out _) && (signed.IsVended || Verify(token, snapshot) is not null)
            ? signed.Claims
            : null;

    /// <summary>Signature, type and times.</summary>
    private SignedToken? Open(string token, ConfigurationSnapshot snapshot)
    {
        if (token.Length is 0 or > Longest) return null;
        var now = clock.UtcNow;
        var signed = _known.Find(token);
        if (signed is null || snapshot.FindByKid(signed.Key.Material.Kid) != signed.Key)
        {
            signed = OpenAnew(token, snapshot);
            if (signed is null) return null;
            _known.Add(token, signed);
        }

        if (signed.Key.IsExpired(now.ToUnixTimeMilliseconds())) return null;
        var seconds = now.ToUnixTimeSeconds();
        if (Number(signed.Claims, "exp") is not { } end || end <= seconds) return null;
        if (Number(signed.Claims, "iat") is not { } issued || issued > seconds + Skew) return null;
        return signed.Claims.TryGetProperty("nbf", out var from) && !(from.TryGetInt64Safely(out var start) && start <= seconds + Skew) ? null : signed;
    }

    private static SignedToken? OpenAnew(string token, ConfigurationSnapshot snapshot)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || Decode(token.AsSpan(0, dot)) is not { } header) return null;
        if (Text(header, "kid") is not { } kid || snapshot.FindByKid(kid) is not { } key) return null;
        if (Text(header, "alg") != key.Material.Algorithm.JoseName()) return null;
        if (!string.Equals(Text(header, "typ"), "JWT", StringComparison.OrdinalIgnoreCase) || header.TryGetProperty("crit", out _)) return null;
        return Jws.Open(token, key.Material) is { } payload && Parse(payload) is { } claims ? new SignedToken(key, claims, IsMarked(header, Vended), IsMarked(header, OAuth.GrantTypes.ClientCredentials)) : null;
    }

    private static bool IsMarked(JsonElement header, string grantType) => header.TryGetProperty("gty", out var types)
        && types.ValueKind == JsonValueKind.Array && types.EnumerateArray().Any(t => t.ValueKind == JsonValueKind.String && t.ValueEquals(grantType));

    /// <summary>The tenant exists and is the one whose issuer the token names.</summary>
    private bool IsOfTenant(JsonElement claims, ConfigurationSnapshot snapshot, out TokenSettings? settings)
    {
        settings = Id(claims, "tid") is { } tenant ? TokenSettings.Find(snapshot, tenant, null) : null;
        return settings is not null && Text(claims, "iss") == address.Issuer(settings.Tenant);
    }

    /// <summary>Issuer and audience belong together: an active application of that tenant, or the tenant itself.</summary>
    private bool IsMeantForUs(JsonElement claims, ConfigurationSnapshot snapshot, out Guid tenantId, out Application? application)
    {
        (tenantId, application) = (default, null);
        if (!IsOfTenant(claims, snapshot, out var settings) || !claims.TryGetProperty("aud", out var audience)) return false;
        var tenant = settings!.Tenant;
        tenantId = tenant.Id;
        foreach (var name in audience.ValueKind == JsonValueKind.Array ? audience.EnumerateArray().Select(Plain) : [Plain(audience)])
        {
            if (name == TokenIssuer.Audience(tenant, null)) return true;
            if (name is null || OAuth.OAuthClient.FindApplication(snapshot, name) is not { } found || TokenSettings.Find(snapshot, tenant.Id, found.Id) is null) continue;
            application = found;
            return true;
        }

        return false;

        static string? Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static JsonElement? Decode(ReadOnlySpan<char> text) => Base64Url.IsValid(text) ? Parse(Base64Url.DecodeFromChars(text)) : null;

    private static JsonElement? Parse(byte[] utf8)
    {
        try
        {
            return JsonElement.Parse(utf8, Strict) is { ValueKind: JsonValueKind.Object } value ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static Guid? Id(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.TryGetGuid(out var id) ? id : null;

    private static long? Number(JsonElement value, string name) => value.TryGetProperty(name, out var member) && member.TryGetInt64Safely(out var number) ? number : null;
}

/// <summary>A token whose signature is good.</summary>
internal sealed record SignedToken(SigningKey Key, JsonElement Claims, bool IsVended, bool IsOfEntity);

internal static class JsonNumbers
{
    /// <summary>Like <see cref="JsonElement.TryGetInt64"/>, also for values that are no numbers at all.</summary>
    public static bool TryGetInt64Safely(this JsonElement element, out long value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value);
    }
}
