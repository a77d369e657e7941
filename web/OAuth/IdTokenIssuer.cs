using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Mfa;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Tokens;

namespace OrleansAuth.OAuth;

/// <summary>What an ID token is to say.</summary>
/// <param name="Claims">The user's claims by the granted scopes.</param>
/// <param name="SignedIn">When the user proved who it is, milliseconds since 1970.</param>
internal sealed record IdTokenRequest(Guid UserId, JsonObject Claims, long SignedIn, string AuthenticationType)
{
    public string? Nonce { get; init; }
    public Guid? SignOnId { get; init; }

    /// <summary>How the second factor was proved, one of <see cref="FactorMethods"/>; null for not at all.</summary>
    public string? Factor { get; init; }

    /// <summary>The access token that is given out with it, for <c>at_hash</c>.</summary>
    public string? AccessToken { get; init; }
}

/// <summary>
/// Makes ID tokens (OpenID Connect Core, section 2). They lack the claim <c>authenticationType</c>, which every access token
/// of ours has, so that none of them passes for an access token.
/// </summary>
internal sealed class IdTokenIssuer(Clock clock, PublicAddress address)
{
    /// <summary>Makes an ID token, or says to the operator why no key can sign it.</summary>
    public Outcome<string> Issue(ConfigurationSnapshot snapshot, OAuthClient client, IdTokenRequest request)
    {
        var key = KeyFor(snapshot, client);
        if (key.Value is not { } signing) return key.Refusal!;
        var now = clock.UtcNow.ToUnixTimeSeconds();
        var payload = new ArrayBufferWriter<byte>(768);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("aud", client.Id);
            json.WriteNumber("exp", now + client.Settings.Jwt.TimeToLiveInSeconds);
            json.WriteNumber("iat", now);
            json.WriteString("iss", address.Issuer(client.Tenant));
            json.WriteString("sub", request.UserId);
            json.WriteString("jti", Guid.NewGuid());
            json.WriteNumber("auth_time", request.SignedIn / 1000);
            json.WriteStartArray("amr");
            json.WriteStringValue(Method(request.AuthenticationType));
            foreach (var name in Methods(request.Factor)) json.WriteStringValue(name);
            json.WriteEndArray();
            if (request.Nonce is { } nonce) json.WriteString("nonce", nonce);
            if (request.SignOnId is { } session) json.WriteString("sid", session);
            if (request.AccessToken is { } token) json.WriteString("at_hash", HalfHash.Of(token, signing.Material.Algorithm.JoseName()));
            json.WriteString("tid", client.Tenant.Id);
            foreach (var (name, value) in request.Claims)
            {
                json.WritePropertyName(name);
                if (value is null) json.WriteNullValue();
                else value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        TokenMetrics.CountIssued("id");
        return Jws.Sign(signing.Header(null), payload.WrittenSpan, signing.Material);
    }

    /// <summary>The key that signs ID tokens of the application: its own or its tenant's, else the one of access tokens.</summary>
    public Outcome<SigningKey> KeyFor(ConfigurationSnapshot snapshot, OAuthClient client) => client.Settings.IdTokenKey(snapshot, clock.Now) is { } signing ? signing : Refusal.Invalid(ContractError.General(
        "[InvalidSigningKey]", $"The ID token signing key of application [{client.Application.Name}] is missing, has expired or cannot sign. Choose another in jwtConfiguration.idTokenKeyId."));

    /// <summary>What a second factor adds: its name, and that there were several. A trusted device proves nothing of its own.</summary>
    private static string[] Methods(string? factor) => factor switch
    {
        null or FactorMethods.Trust or FactorMethods.Passkey => [],
        FactorMethods.Sms => ["sms", "mfa"],
        FactorMethods.YubiKey => ["hwk", "otp", "mfa"],
        _ => ["otp", "mfa"],
    };

    /// <summary>The method's name in RFC 8176, as far as it has one.</summary>
    private static string Method(string authenticationType) => authenticationType == AuthenticationTypes.Password ? "pwd" : authenticationType.ToLowerInvariant();
}
