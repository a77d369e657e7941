using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>The tenant's messenger, the templates of its occasions to write (null: no message), and verification of phone numbers.</summary>
public sealed record TenantPhoneConfiguration : ContractObject
{
    public Guid? AdminTwoFactorMethodRemoveTemplateId { get; init; }
    public Guid? ForgotPasswordTemplateId { get; init; }
    public Guid? IdentityUpdateTemplateId { get; init; }
    public bool ImplicitPhoneVerificationAllowed { get; init; } = true;
    public Guid? LoginIdInUseOnCreateTemplateId { get; init; }
    public Guid? LoginIdInUseOnUpdateTemplateId { get; init; }
    public Guid? LoginNewDeviceTemplateId { get; init; }
    public Guid? LoginSuspiciousTemplateId { get; init; }
    public Guid? MessengerId { get; init; }
    public Guid? PasswordResetSuccessTemplateId { get; init; }
    public Guid? PasswordUpdateTemplateId { get; init; }
    public Guid? PasswordlessTemplateId { get; init; }
    public Guid? SetPasswordTemplateId { get; init; }
    public Guid? TwoFactorMethodAddTemplateId { get; init; }
    public Guid? TwoFactorMethodRemoveTemplateId { get; init; }
    public PhoneUnverifiedOptions Unverified { get; init; } = new();
    public Guid? VerificationCompleteTemplateId { get; init; }
    public VerificationStrategy VerificationStrategy { get; init; } = VerificationStrategy.ClickableLink;
    public Guid? VerificationTemplateId { get; init; }
    public bool VerifyPhoneNumber { get; init; }
}

/// <summary>What a user may do before the phone number is verified.</summary>
public sealed record PhoneUnverifiedOptions : ContractObject
{
    public bool AllowPhoneNumberChangeWhenGated { get; init; }
    public UnverifiedBehavior Behavior { get; init; } = UnverifiedBehavior.Allow;
}
