using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Applications;

public sealed record AuthenticationTokenConfiguration : ContractObject
{
    public bool Enabled { get; init; }
}

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

public sealed record ApplicationExternalIdentifierConfiguration : ContractObject
{
    public int TwoFactorTrustIdTimeToLiveInSeconds { get; init; }
}

public sealed record ApplicationFormConfiguration : ContractObject
{
    public Guid? AdminRegistrationFormId { get; init; }
    public SelfServiceFormConfiguration SelfServiceFormConfiguration { get; init; } = new();
    public Guid? SelfServiceFormId { get; init; }
}

public sealed record SelfServiceFormConfiguration : ContractObject
{
    public bool RequireCurrentPasswordOnPasswordChange { get; init; }
}

public sealed record LambdaConfiguration : ContractObject
{
    public Guid? AccessTokenPopulateId { get; init; }
    public Guid? IdTokenPopulateId { get; init; }
    public Guid? MultiFactorRequirementId { get; init; }
    public Guid? Samlv2PopulateId { get; init; }
    public Guid? SelfServiceRegistrationValidationId { get; init; }
    public Guid? UserinfoPopulateId { get; init; }
}

public sealed record LoginConfiguration : ContractObject
{
    public bool AllowTokenRefresh { get; init; }
    public bool GenerateRefreshTokens { get; init; }
    public bool RequireAuthentication { get; init; } = true;
}

public sealed record PasswordlessConfiguration : ContractObject
{
    public PasswordlessStrategy EmailLoginStrategy { get; init; } = PasswordlessStrategy.ClickableLink;
    public PasswordlessStrategy PhoneLoginStrategy { get; init; } = PasswordlessStrategy.ClickableLink;
    public bool Enabled { get; init; }
}

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

public sealed record ApplicationRegistrationDeletePolicy : ContractObject
{
    public TimeBasedDeletePolicy Unverified { get; init; } = new();
}

public sealed record UniversalConfiguration : ContractObject
{
    public bool Universal { get; init; }
}

public sealed record RegistrationUnverifiedOptions : ContractObject
{
    public UnverifiedBehavior Behavior { get; init; } = UnverifiedBehavior.Allow;
}

public sealed record ApplicationWebAuthnConfiguration : ContractObject
{
    public ApplicationWebAuthnWorkflowConfiguration BootstrapWorkflow { get; init; } = new();
    public ApplicationWebAuthnWorkflowConfiguration ReauthenticationWorkflow { get; init; } = new();
    public bool Enabled { get; init; }
}

public sealed record ApplicationWebAuthnWorkflowConfiguration : ContractObject
{
    public bool Enabled { get; init; }
}

public sealed record ApplicationMultiFactorConfiguration : ContractObject
{
    public MultiFactorTemplate Email { get; init; } = new();
    public MultiFactorLoginPolicy? LoginPolicy { get; init; }
    public MultiFactorTemplate Sms { get; init; } = new();
    public ApplicationMultiFactorTrustPolicy TrustPolicy { get; init; } = ApplicationMultiFactorTrustPolicy.Any;
    public MultiFactorTemplate Voice { get; init; } = new();
}

public sealed record MultiFactorTemplate : ContractObject
{
    public Guid? TemplateId { get; init; }
}

public sealed record CleanSpeakConfiguration : ContractObject
{
    public string? ApiKey { get; init; }
    public ImmutableArray<Guid> ApplicationIds { get; init; } = [];
    public string? Url { get; init; }
    public UsernameModeration UsernameModeration { get; init; } = new();
    public bool Enabled { get; init; }
}

public sealed record UsernameModeration : ContractObject
{
    public Guid? ApplicationId { get; init; }
    public bool Enabled { get; init; }
}

public enum ApplicationMultiFactorTrustPolicy { Any, This, None }

public enum PasswordlessStrategy { ClickableLink, FormField }
