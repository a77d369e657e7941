using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Applications;

/// <summary>Lets a registration have a token of its own that works as a password of this application.</summary>
public sealed record AuthenticationTokenConfiguration : ContractObject
{
    public bool Enabled { get; init; }
}

/// <summary>E-mail templates of this application; null takes the tenant's.</summary>
public sealed record ApplicationEmailConfiguration : ContractObject
{
    public Guid? EmailUpdateEmailTemplateId { get; init; }
    public Guid? EmailVerificationEmailTemplateId { get; init; }
    public Guid? EmailVerifiedEmailTemplateId { get; init; }
    public Guid? ForgotPasswordEmailTemplateId { get; init; }
    public Guid? LoginIdInUseOnCreateEmailTemplateId { get; init; }
    public Guid? LoginIdInUseOnUpdateEmailTemplateId { get; init; }
    public Guid? LoginNewDeviceEmailTemplateId { get; init; }
    public Guid? LoginSuspiciousEmailTemplateId { get; init; }
    public Guid? PasswordResetSuccessEmailTemplateId { get; init; }
    public Guid? PasswordUpdateEmailTemplateId { get; init; }
    public Guid? PasswordlessEmailTemplateId { get; init; }
    public Guid? SetPasswordEmailTemplateId { get; init; }
    public Guid? TwoFactorMethodAddEmailTemplateId { get; init; }
    public Guid? TwoFactorMethodRemoveEmailTemplateId { get; init; }
}

/// <summary>Lifetimes of identifiers in this application; 0 takes the tenant's.</summary>
public sealed record ApplicationExternalIdentifierConfiguration : ContractObject
{
    public int TwoFactorTrustIdTimeToLiveInSeconds { get; init; }
}

/// <summary>Which forms the application's pages use; null takes the defaults.</summary>
public sealed record ApplicationFormConfiguration : ContractObject
{
    public Guid? AdminRegistrationFormId { get; init; }
    public SelfServiceFormConfiguration SelfServiceFormConfiguration { get; init; } = new();
    public Guid? SelfServiceFormId { get; init; }
}

/// <summary>How people change their own account.</summary>
public sealed record SelfServiceFormConfiguration : ContractObject
{
    public bool RequireCurrentPasswordOnPasswordChange { get; init; }
}

/// <summary>Scripts that shape this application's tokens and answers; null for none.</summary>
public sealed record LambdaConfiguration : ContractObject
{
    public Guid? AccessTokenPopulateId { get; init; }
    public Guid? IdTokenPopulateId { get; init; }
    public Guid? MultiFactorRequirementId { get; init; }
    public Guid? Samlv2PopulateId { get; init; }
    public Guid? SelfServiceRegistrationValidationId { get; init; }
    public Guid? UserinfoPopulateId { get; init; }
}

/// <summary>The login API for this application.</summary>
public sealed record LoginConfiguration : ContractObject
{
    public bool AllowTokenRefresh { get; init; }
    public bool GenerateRefreshTokens { get; init; }
    public bool RequireAuthentication { get; init; } = true;
}

/// <summary>Login without a password, by a link or a code.</summary>
public sealed record PasswordlessConfiguration : ContractObject
{
    public PasswordlessStrategy EmailLoginStrategy { get; init; } = PasswordlessStrategy.ClickableLink;
    public PasswordlessStrategy PhoneLoginStrategy { get; init; } = PasswordlessStrategy.ClickableLink;
    public bool Enabled { get; init; }
}

/// <summary>Message templates of this application; null takes the tenant's.</summary>
public sealed record ApplicationPhoneConfiguration : ContractObject
{
    public Guid? ForgotPasswordTemplateId { get; init; }
    public Guid? IdentityUpdateTemplateId { get; init; }
    public Guid? LoginIdInUseOnCreateTemplateId { get; init; }
    public Guid? LoginIdInUseOnUpdateTemplateId { get; init; }
    public Guid? LoginNewDeviceTemplateId { get; init; }
    public Guid? LoginSuspiciousTemplateId { get; init; }
    public Guid? PasswordResetSuccessTemplateId { get; init; }
    public Guid? PasswordUpdateTemplateId { get; init; }
    public Guid? PasswordlessTemplateId { get; init; }
    public Guid? SetPasswordTemplateId { get; init; }
    public Guid? TwoFactorMethodAddTemplateId { get; init; }
    public Guid? TwoFactorMethodRemoveTemplateId { get; init; }
    public Guid? VerificationCompleteTemplateId { get; init; }
    public Guid? VerificationTemplateId { get; init; }
}

/// <summary>When registrations leave by themselves.</summary>
public sealed record ApplicationRegistrationDeletePolicy : ContractObject
{
    public TimeBasedDeletePolicy Unverified { get; init; } = new();
}

/// <summary>An application that every tenant can use.</summary>
public sealed record UniversalConfiguration : ContractObject
{
    public bool Universal { get; init; }
}

/// <summary>What a registration may do before it is verified.</summary>
public sealed record RegistrationUnverifiedOptions : ContractObject
{
    public UnverifiedBehavior Behavior { get; init; } = UnverifiedBehavior.Allow;
}

/// <summary>Passkeys in this application, where they differ from the tenant's.</summary>
public sealed record ApplicationWebAuthnConfiguration : ContractObject
{
    public ApplicationWebAuthnWorkflowConfiguration BootstrapWorkflow { get; init; } = new();
    public ApplicationWebAuthnWorkflowConfiguration ReauthenticationWorkflow { get; init; } = new();
    public bool Enabled { get; init; }
}

/// <summary>One use of passkeys, on or off.</summary>
public sealed record ApplicationWebAuthnWorkflowConfiguration : ContractObject
{
    public bool Enabled { get; init; }
}

/// <summary>Second factors in this application; a null policy takes the tenant's.</summary>
public sealed record ApplicationMultiFactorConfiguration : ContractObject
{
    public MultiFactorTemplate Email { get; init; } = new();
    public MultiFactorLoginPolicy? LoginPolicy { get; init; }
    public MultiFactorTemplate Sms { get; init; } = new();
    public ApplicationMultiFactorTrustPolicy TrustPolicy { get; init; } = ApplicationMultiFactorTrustPolicy.Any;
    public MultiFactorTemplate Voice { get; init; } = new();
}

/// <summary>The template that carries a second factor's code; null takes the tenant's.</summary>
public sealed record MultiFactorTemplate : ContractObject
{
    public Guid? TemplateId { get; init; }
}

/// <summary>Moderation of user names by CleanSpeak.</summary>
public sealed record CleanSpeakConfiguration : ContractObject
{
    public string? ApiKey { get; init; }
    public ImmutableArray<Guid> ApplicationIds { get; init; } = [];
    public string? Url { get; init; }
    public UsernameModeration UsernameModeration { get; init; } = new();
    public bool Enabled { get; init; }
}

/// <summary>Which moderated application judges user names.</summary>
public sealed record UsernameModeration : ContractObject
{
    public Guid? ApplicationId { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>Which trusted devices count: those of any application, of this one, or none.</summary>
public enum ApplicationMultiFactorTrustPolicy { Any, This, None }

/// <summary>What is sent: a link to click, or a code to type.</summary>
public enum PasswordlessStrategy { ClickableLink, FormField }
