using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.OAuth;

/// <summary>
/// Checks proofs of possession (RFC 9449, section 4.3): signed by the key that they show, made for this method and address
/// and this access token, at most a minute old, and never seen before. That one was seen is stored, so it counts on every
/// node and after a restart; the row is swept away once the proof would be too old anyway. No nonce is asked for: proofs that
/// were made in advance die within the minute.
/// </summary>
internal sealed class DpopProofs(PublicAddress address, ConfigurationReader configuration, IGrainFactory grains, Clock clock)
{
    public const string Header = "DPoP";

    private const int Longest = 8192;
    private const int LongestId = 256;

    /// <summary>How far a proof's time may be from ours, in seconds.</summary>
    private const long Skew = 60;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static OAuthError Missing { get; } = new("invalid_dpop_proof", "This client must prove its key with every request: the DPoP header is missing.");

    /// <summary>The value of <c>WWW-Authenticate</c> (section 7.1).</summary>
    public static string Challenge(string error) => $"DPoP error=\"{error}\", algs=\"{string.Join(' ', ProofKey.Algorithms)}\"";

    private static OAuthError Bad { get; } = new("invalid_dpop_proof", "The DPoP proof is not valid for this request, is too old, or was used before.");

    /// <summary>Checks all of it.</summary>
    /// <param name="accessToken">The token that the proof comes with; null at the token endpoint.</param>
    public async Task<DpopResult> Check(HttpContext http, string? accessToken)
    {
        var read = Read(http, accessToken);
        return read.Error is null && await Use(read) is { } used ? new DpopResult(null, used) : read;
    }

    /// <summary>All but whether it was seen before: that is stored only for those who proved who they are (<see cref="Use"/>).</summary>
    public DpopResult Read(HttpContext http, string? accessToken)
    {
        var sent = http.Request.Headers[Header];
        if (sent.Count == 0) return default;
        if (sent.Count > 1 || sent[0] is not { Length: > 0 and <= Longest } proof || proof.Split('.') is not { Length: 3 } parts) return new DpopResult(null, Bad);
        if (Parse(parts[0]) is not { } header || Parse(parts[1]) is not { } claims || KeyOf(header) is not { } key || !key.Signed(proof)) return new DpopResult(null, Bad);
        if (Text(claims, "jti") is not { Length: > 0 and <= LongestId } id || !IsRecent(claims, out var issued)) return new DpopResult(null, Bad);
        if (Text(claims, "htm") != http.Request.Method || Text(claims, "htu") is not { } target || !IsHere(target, http)) return new DpopResult(null, Bad);
        if (accessToken is not null && Text(claims, "ath") != Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)))) return new DpopResult(null, Bad);
        return new DpopResult(key.Thumbprint, null) { Id = id, Issued = issued };
    }

    /// <summary>Notes that the proof was seen; an error where it was seen before.</summary>
    public async Task<OAuthError?> Use(DpopResult proof)
    {
        if (proof.Id is null) return null;
        var seen = grains.Identifier(IdentifierKinds.ProofId, $"{proof.Thumbprint}/{proof.Id}");
        // Where the clocks of two nodes differ, the later one must not have forgotten it.
        var end = (proof.Issued + (2 * Skew)) * 1000;
        var noted = await seen.Issue(new IssueIdentifier(Guid.Empty, end, JsonText.From(new JsonObject())) { IsMark = true });
        return noted.Refusal is null ? null : Bad;
    }

    private static ProofKey? KeyOf(JsonElement header)
    {
        if (Text(header, "typ") != "dpop+jwt" || header.TryGetProperty("crit", out _) || Text(header, "alg") is not { } algorithm) return null;
        return header.TryGetProperty("jwk", out var jwk) && jwk.ValueKind == JsonValueKind.Object ? ProofKey.TryRead(jwk, algorithm) : null;
    }

    private bool IsRecent(JsonElement claims, out long issued)
    {
        issued = 0;
        return claims.TryGetProperty("iat", out var time) && time.TryGetInt64Safely(out issued) && Math.Abs(clock.UtcNow.ToUnixTimeSeconds() - issued) <= Skew;
    }

    /// <summary>
    /// The address is this request's, as far as the path, and this server's before that. Which addresses are this server's
    /// comes from settings, or from the connection where that is one of this machine; never from the Host header.
    /// </summary>
    private bool IsHere(string target, HttpContext http)
    {
        if (target.Length > 2048 || !Uri.TryCreate(target, UriKind.Absolute, out var url) || url.UserInfo.Length > 0) return false;
        if (url.AbsolutePath != http.Request.PathBase.Add(http.Request.Path).ToUriComponent()) return false;
        var origin = url.GetLeftPart(UriPartial.Authority);
        if (IsOrigin(origin, address.Origin)) return true;
        if (configuration.Current.All<Tenant>().Any(tenant => !string.IsNullOrEmpty(tenant.BaseURL) && IsOrigin(origin, address.OriginOf(tenant)))) return true;
        return http.Connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local) && url.IsLoopback && url.Port == http.Connection.LocalPort && url.Scheme == http.Request.Scheme;
    }

    private static bool IsOrigin(string origin, string own) => Uri.TryCreate(own, UriKind.Absolute, out var url) && url.GetLeftPart(UriPartial.Authority) == origin;

    private static JsonElement? Parse(string part)
    {
        try
        {
            return Base64Url.IsValid(part) && JsonElement.Parse(Base64Url.DecodeFromChars(part), Strict) is { ValueKind: JsonValueKind.Object } value ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}

/// <summary>The thumbprint of the proved key, or null where there is no proof; an error where there is a bad one.</summary>
internal readonly record struct DpopResult(string? Thumbprint, OAuthError? Error)
{
    /// <summary>The proof's <c>jti</c>.</summary>
    public string? Id { get; init; }

    /// <summary>The proof's <c>iat</c>: seconds since 1970.</summary>
    public long Issued { get; init; }
}
