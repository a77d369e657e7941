using System.Text.Json.Nodes;

namespace OrleansAuth.Storage.WebAuthn;

/// <summary>A passkey as the API shows it.</summary>
public static class PasskeyDisplay
{
    public static JsonObject Show(Guid tenantId, Guid userId, StoredPasskey passkey)
    {
        var shown = new JsonObject
        {
            ["algorithm"] = passkey.Algorithm,
            ["attestationType"] = passkey.AttestationType,
            ["authenticatorSupportsUserVerification"] = passkey.VerifiesUser,
            ["credentialId"] = passkey.CredentialId,
            ["discoverable"] = passkey.IsDiscoverable,
            ["displayName"] = passkey.DisplayName,
            ["id"] = passkey.Id,
            ["insertInstant"] = passkey.InsertInstant,
            ["name"] = passkey.Name,
            ["publicKey"] = passkey.PublicKey,
            ["relyingPartyId"] = passkey.RelyingPartyId,
            ["signCount"] = passkey.SignCount,
            ["tenantId"] = tenantId,
            ["transports"] = new JsonArray([.. passkey.Transports.Select(t => JsonValue.Create(t))]),
            ["userId"] = userId,
        };
        if (passkey.LastUseInstant is { } used) shown["lastUseInstant"] = used;
        if (passkey.UserAgent is { } agent) shown["userAgent"] = agent;
        if (passkey.Data is { } data) shown["data"] = JsonNode.Parse(data.GetRawText(), documentOptions: Common.ContractJson.DocumentOptions);
        return shown;
    }
}
