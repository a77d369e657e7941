using System.Text.Json.Serialization;
using OrleansAuth.Applications;
using OrleansAuth.Tenants;

namespace OrleansAuth.WebAuthn;

/// <summary>What a ceremony is for, by the contract's names.</summary>
internal enum PasskeyWorkflow
{
    /// <summary>Signing in on a device for the first time.</summary>
    [JsonStringEnumMemberName("bootstrap")] Bootstrap,

    /// <summary>Anything: a passkey that is made so works for both others.</summary>
    [JsonStringEnumMemberName("general")] General,

    /// <summary>Signing in again on a device.</summary>
    [JsonStringEnumMemberName("reauthentication")] Reauthentication,
}

/// <summary>What a tenant asks of authenticators in a workflow.</summary>
internal sealed record PasskeyPolicy(UserVerificationRequirement Verification, AuthenticatorAttachmentPreference Attachment)
{
    /// <summary>
    /// Null where the workflow is off. The tenant switches passkeys on; an application that has settings of its own says
    /// which workflows it has, else the tenant does.
    /// </summary>
    public static PasskeyPolicy? Of(Tenant tenant, Application? application, PasskeyWorkflow workflow)
    {
        var settings = tenant.WebAuthnConfiguration;
        if (!settings.Enabled) return null;
        var own = application?.WebAuthnConfiguration is { Enabled: true } override_ ? override_ : null;
        var bootstrap = own?.BootstrapWorkflow.Enabled ?? settings.BootstrapWorkflow.Enabled;
        var again = own?.ReauthenticationWorkflow.Enabled ?? settings.ReauthenticationWorkflow.Enabled;
        return workflow switch
        {
            PasskeyWorkflow.Bootstrap => bootstrap ? In(settings.BootstrapWorkflow) : null,
            PasskeyWorkflow.Reauthentication => again ? In(settings.ReauthenticationWorkflow) : null,
            // Whatever workflow is on must be able to use it.
            _ => new PasskeyPolicy(
                Strictest(bootstrap ? settings.BootstrapWorkflow.UserVerificationRequirement : null, again ? settings.ReauthenticationWorkflow.UserVerificationRequirement : null),
                AuthenticatorAttachmentPreference.Any),
        };
    }

    public bool RequiresVerification => Verification == UserVerificationRequirement.Required;

    private static PasskeyPolicy In(TenantWebAuthnWorkflowConfiguration settings) => new(settings.UserVerificationRequirement, settings.AuthenticatorAttachmentPreference);

    private static UserVerificationRequirement Strictest(UserVerificationRequirement? one, UserVerificationRequirement? other)
    {
        if (one == UserVerificationRequirement.Required || other == UserVerificationRequirement.Required) return UserVerificationRequirement.Required;
        return UserVerificationRequirement.Preferred;
    }
}
