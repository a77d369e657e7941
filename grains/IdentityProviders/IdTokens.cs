using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrleansAuth.Common;
using OrleansAuth.Tokens;

namespace OrleansAuth.IdentityProviders;

/// <summary>What an ID token has to agree with.</summary>
/// <param name="Nonce">Null where none was sent.</param>
/// <param name="AccessToken">That came with it; null where none did.</param>
internal sealed record IdTokenExpectation(string Issuer, string ClientId, string? Nonce, string? AccessToken, string Code);

/// <summary>
/// Validates ID tokens (OpenID Connect Core, section 3.1.3.7), each rule with its own refusal: signed by a key of the issuer
/// with an algorithm for that kind of key, from the issuer, for this client and nobody else, in time, for this login, together
/// with this code and access token.
/// </summary>
internal sealed class IdTokens(ProviderDocuments documents, Clock clock)
{
    /// <summary>How far clocks may differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    /// <summary>Signatures that only the provider can make; HMAC and none are not among them (RFC 8725, section 3.1).</summary>
    private static readonly ImmutableArray<string> Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 64 * 1024 };

    /// <summary>The claims, or what is wrong, for operators.</summary>
    public async Task<(JsonElement? Claims, string? Fault)> Validate(string token, IdTokenExpectation expected)
    {
        if (Header(token) is not { } header) return (null, "The ID token is no signed token.");
        if (!Algorithms.Contains(header.Algorithm)) return (null, "The ID token is signed with an algorithm that is not allowed.");
        if (header.Type is not (null or "JWT" or "jwt")) return (null, "The token is of another type than an ID token.");
        if (header.IsCritical) return (null, "The ID token wants an extension to be understood (crit).");
        var (keys, fault) = await Keys(header, expected.Issuer).ConfigureAwait(false);
        if (keys.IsDefaultOrEmpty) return (null, fault);

        var validated = await Handler.ValidateTokenAsync(token, Parameters(expected, keys)).ConfigureAwait(false);
        if (!validated.IsValid) return (null, $"The ID token is not valid ({validated.Exception?.GetType().Name}).");
        var payload = ((JsonWebToken)validated.SecurityToken).EncodedPayload;
        if (UpstreamJson.Read(Base64Url.DecodeFromChars(payload)) is not { } claims) return (null, "The claims of the ID token are no JSON object, or name something twice.");
        return Check(claims, header.Algorithm, expected) is { } wrong ? (null, wrong) : (claims, null);
    }

    /// <summary>Keys that could have signed it; a key id that is not known makes them be read again.</summary>
    private async Task<(ImmutableArray<JsonWebKey>, string?)> Keys(TokenHeader header, string issuer)
    {
        var (metadata, fault) = await documents.Of(issuer).ConfigureAwait(false);
        if (metadata is null) return ([], fault);
        var found = Fitting(metadata, header);
        if (!found.IsEmpty) return (found, null);
        (metadata, fault) = await documents.Of(issuer, asksAnew: true).ConfigureAwait(false);
        found = metadata is null ? [] : Fitting(metadata, header);
        return (found, found.IsEmpty ? fault ?? "The ID token is signed with a key that the provider does not publish." : null);
    }

    private static ImmutableArray<JsonWebKey> Fitting(ProviderMetadata metadata, TokenHeader header)
    {
        var kind = header.Algorithm.StartsWith("ES", StringComparison.Ordinal) ? JsonWebAlgorithmsKeyTypes.EllipticCurve : JsonWebAlgorithmsKeyTypes.RSA;
        return [.. metadata.Keys.Where(key => key.Kty == kind && (header.KeyId is null || key.Kid == header.KeyId) && (string.IsNullOrEmpty(key.Alg) || key.Alg == header.Algorithm))];
    }

    private TokenValidationParameters Parameters(IdTokenExpectation expected, ImmutableArray<JsonWebKey> keys) => new()
    {
        ValidIssuer = expected.Issuer,
        ValidAudience = expected.ClientId,
        IssuerSigningKeys = keys,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        // Time is this server's, so that tests move it too; the library would look at the machine's.
        LifetimeValidator = (notBefore, expires, _, _) => expires is { } end && clock.UtcNow.UtcDateTime < end + Skew && (notBefore is null || notBefore <= clock.UtcNow.UtcDateTime + Skew),
        TryAllIssuerSigningKeys = true,
        // Keys are other people's and come and go; nothing of them is to stay in a cache of the process.
        CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
    };

    private string? Check(JsonElement claims, string algorithm, IdTokenExpectation expected)
    {
        if (!claims.TryGetProperty("iat", out var issued) || issued.ValueKind != JsonValueKind.Number || issued.GetDouble() > (clock.UtcNow + Skew).ToUnixTimeSeconds())
            return "The ID token does not say when it was issued, or says that it will be.";
        var party = Text(claims, "azp");
        if (claims.TryGetProperty("azp", out _) && party != expected.ClientId) return "The ID token was issued to another client (azp).";
        if (party is null && claims.GetProperty("aud") is { ValueKind: JsonValueKind.Array } audiences && audiences.GetArrayLength() > 1) return "The ID token is for several parties and does not say for which (azp).";
        if (expected.Nonce is { } nonce && !Same(Text(claims, "nonce"), nonce)) return "The ID token is of another login (nonce).";
        if (claims.TryGetProperty("at_hash", out _) && (expected.AccessToken is null || !Same(Text(claims, "at_hash"), HalfHash.Of(expected.AccessToken, algorithm)))) return "The access token is not the one of the ID token (at_hash).";
        if (claims.TryGetProperty("c_hash", out _) && !Same(Text(claims, "c_hash"), HalfHash.Of(expected.Code, algorithm))) return "The code is not the one of the ID token (c_hash).";
        return null;
    }

    private static bool Same(string? said, string expected) =>
        said is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said), Encoding.UTF8.GetBytes(expected));

    private static string? Text(JsonElement document, string member) =>
        document.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static TokenHeader? Header(string token)
    {
        var end = token.IndexOf('.');
        if (end <= 0 || end > 8_192 || !Base64Url.IsValid(token.AsSpan(0, end)) || UpstreamJson.Read(Base64Url.DecodeFromChars(token.AsSpan(0, end))) is not { } header) return null;
        if (Text(header, "alg") is not { Length: > 0 } algorithm || (header.TryGetProperty("kid", out var kid) && kid.ValueKind != JsonValueKind.String)) return null;
        return new TokenHeader(algorithm, Text(header, "kid"), Text(header, "typ"), header.TryGetProperty("crit", out _));
    }

    private sealed record TokenHeader(string Algorithm, string? KeyId, string? Type, bool IsCritical);
}
