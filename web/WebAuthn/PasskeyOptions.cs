using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.WebAuthn;
using OrleansAuth.Tenants;

namespace OrleansAuth.WebAuthn;

/// <summary>The options that browsers are given, in the contract's form: what is binary there is base64url here.</summary>
internal static class PasskeyOptions
{
    private const string Type = "public-key";

    /// <summary>For <c>navigator.credentials.create</c> (WebAuthn Level 3, section 5.4).</summary>
    /// <param name="held">Passkeys of the user: their authenticators make no second one.</param>
    public static JsonObject Creation(string challenge, PasskeyChallenge made, RelyingParty party, Tenant tenant, PasskeyPolicy policy, IEnumerable<StoredPasskey> held)
    {
        var selection = new JsonObject
        {
            ["requireResidentKey"] = false,
            ["residentKey"] = "preferred",
            ["userVerification"] = Name(policy.Verification),
        };
        if (policy.Attachment != AuthenticatorAttachmentPreference.Any) selection["authenticatorAttachment"] = policy.Attachment == AuthenticatorAttachmentPreference.Platform ? "platform" : "cross-platform";
        return new JsonObject
        {
            ["attestation"] = "none",
            ["authenticatorSelection"] = selection,
            ["challenge"] = challenge,
            ["excludeCredentials"] = new JsonArray([.. held.Where(p => p.RelyingPartyId == party.Id).Select(Descriptor)]),
            ["extensions"] = new JsonObject { ["credProps"] = true },
            ["pubKeyCredParams"] = new JsonArray([.. PasskeyKey.Offered.Select(a => new JsonObject { ["alg"] = a, ["type"] = Type })]),
            ["rp"] = new JsonObject { ["id"] = party.Id, ["name"] = RelyingParties.NameOf(tenant) },
            ["timeout"] = tenant.ExternalIdentifierConfiguration.WebAuthnRegistrationChallengeTimeToLiveInSeconds * 1000L,
            ["user"] = new JsonObject { ["displayName"] = made.DisplayName, ["id"] = HandleOf(made.UserId!.Value), ["name"] = made.Name },
        };
    }

    /// <summary>For <c>navigator.credentials.get</c> (WebAuthn Level 3, section 5.5).</summary>
    /// <param name="allowed">None for whatever passkey the authenticators offer by themselves.</param>
    public static JsonObject Request(string challenge, RelyingParty party, Tenant tenant, PasskeyPolicy policy, JsonArray allowed) => new()
    {
        ["allowCredentials"] = allowed,
        ["challenge"] = challenge,
        ["rpId"] = party.Id,
        ["timeout"] = tenant.ExternalIdentifierConfiguration.WebAuthnAuthenticationChallengeTimeToLiveInSeconds * 1000L,
        ["userVerification"] = Name(policy.Verification),
    };

    public static JsonNode Descriptor(StoredPasskey passkey) => Descriptor(passkey.CredentialId, passkey.Transports);

    public static JsonNode Descriptor(string id, IEnumerable<string> transports) => new JsonObject
    {
        ["id"] = id,
        ["transports"] = new JsonArray([.. transports.Select(t => JsonValue.Create(t))]),
        ["type"] = Type,
    };

    /// <summary>What authenticators know a user by.</summary>
    private static string HandleOf(Guid userId) => Base64Url.EncodeToString(userId.ToByteArray(bigEndian: true));

    private static string Name(UserVerificationRequirement requirement) => JsonSerializer.SerializeToElement(requirement, ContractJson.Options).GetString()!;
}
