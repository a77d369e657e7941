using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>Passkeys (WebAuthn Level 2): who the relying party is, and what they are used for. Null derives the relying party from the address.</summary>
public sealed record TenantWebAuthnConfiguration : ContractObject
{
    public TenantWebAuthnWorkflowConfiguration BootstrapWorkflow { get; init; } = new();
    public bool Debug { get; init; }
    public TenantWebAuthnWorkflowConfiguration ReauthenticationWorkflow { get; init; } = new();
    public string? RelyingPartyId { get; init; }
    public string? RelyingPartyName { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>One use of passkeys: on or off, and which authenticators it asks for.</summary>
public sealed record TenantWebAuthnWorkflowConfiguration : ContractObject
{
    public AuthenticatorAttachmentPreference AuthenticatorAttachmentPreference { get; init; } = AuthenticatorAttachmentPreference.Any;
    public UserVerificationRequirement UserVerificationRequirement { get; init; } = UserVerificationRequirement.Required;
    public bool Enabled { get; init; }
}

/// <summary>Whether a passkey lives in this device or in one that is carried along.</summary>
public enum AuthenticatorAttachmentPreference
{
    [JsonStringEnumMemberName("any")] Any,
    [JsonStringEnumMemberName("platform")] Platform,
    [JsonStringEnumMemberName("crossPlatform")] CrossPlatform,
}

/// <summary>Whether the authenticator must recognise its owner.</summary>
public enum UserVerificationRequirement
{
    [JsonStringEnumMemberName("required")] Required,
    [JsonStringEnumMemberName("preferred")] Preferred,
    [JsonStringEnumMemberName("discouraged")] Discouraged,
}
