using System.Buffers.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.OAuth;

/// <summary>What an ID token of ours says that a client hands back as a hint. Its age does not matter (RP-Initiated Logout, section 2).</summary>
internal sealed record IdTokenHint(OAuthClient Client, Guid UserId, Guid? SignOnId);

/// <summary>Reads hints. A hint proves nothing but that the token was ours; everything else about it is the same null.</summary>
internal sealed class IdTokenHints(PublicAddress address, IdTokenIssuer issuer)
{
    private const int Longest = 16_384;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = ContractJson.MaximumDepth };

    public IdTokenHint? Read(ConfigurationSnapshot snapshot, string token)
    {
        var parts = token.Length <= Longest ? token.Split('.') : [];
        if (parts.Length != 3 || Parse(parts[0]) is not { } header || Parse(parts[1]) is not { } unproved) return null;

        // A logout token is of another type (OpenID Connect Back-Channel Logout, section 2.4).
        if (!string.Equals(Text(header, "typ"), "JWT", StringComparison.OrdinalIgnoreCase)) return null;

        // The audience only says whose key to try; the signature decides.
        if (OAuthClient.Find(snapshot, Text(unproved, "aud"), Text(unproved, "tid")) is not { } client) return null;
        var key = Text(header, "kid") is { } kid && snapshot.FindByKid(kid) is { } named ? named : issuer.KeyFor(snapshot, client).Value;
        if (key is null || Text(header, "alg") != key.Material.Algorithm.JoseName()) return null;
        if (Jws.Open(token, key.Material) is null) return null;
        if (Text(unproved, "iss") != address.Issuer(client.Tenant) || unproved.TryGetProperty("authenticationType", out _)) return null;
        return Guid.TryParse(Text(unproved, "sub"), out var user) ? new IdTokenHint(client, user, Guid.TryParse(Text(unproved, "sid"), out var session) ? session : null) : null;
    }

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
