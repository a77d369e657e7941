using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

public sealed record TenantWebAuthnConfiguration : ContractObject
{
    public TenantWebAuthnWorkflowConfiguration BootstrapWorkflow { get; init; } = new();
    public bool Debug { get; init; }
    public TenantWebAuthnWorkflowConfiguration ReauthenticationWorkflow { get; init; } = new();
    public string? RelyingPartyId { get; init; }
    public string? RelyingPartyName { get; init; }
    public bool Enabled { get; init; }
}

public sealed record TenantWebAuthnWorkflowConfiguration : ContractObject
{
    public AuthenticatorAttachmentPreference AuthenticatorAttachmentPreference { get; init; } = AuthenticatorAttachmentPreference.Any;
    public UserVerificationRequirement UserVerificationRequirement { get; init; } = UserVerificationRequirement.Required;
    public bool Enabled { get; init; }
}

public enum AuthenticatorAttachmentPreference
{
    [JsonStringEnumMemberName("any")] Any,
    [JsonStringEnumMemberName("platform")] Platform,
    [JsonStringEnumMemberName("crossPlatform")] CrossPlatform,
}

public enum UserVerificationRequirement
{
    [JsonStringEnumMemberName("required")] Required,
    [JsonStringEnumMemberName("preferred")] Preferred,
    [JsonStringEnumMemberName("discouraged")] Discouraged,
}
