using System.Collections.Immutable;
using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>The tenant's mail server, the templates of its twenty occasions to write (null: no mail on that occasion), and verification.</summary>
public sealed record EmailConfiguration : ContractObject
{
    public ImmutableArray<EmailHeader> AdditionalHeaders { get; init; } = [];
    public Guid? AdminTwoFactorMethodRemoveEmailTemplateId { get; init; }
    public bool Debug { get; init; }
    public string? DefaultFromEmail { get; init; }
    public string? DefaultFromName { get; init; }
    public Guid? EmailUpdateEmailTemplateId { get; init; }
    public Guid? EmailVerifiedEmailTemplateId { get; init; }
    public Guid? ForgotPasswordEmailTemplateId { get; init; }
    public string? Host { get; init; } = "localhost";
    public bool ImplicitEmailVerificationAllowed { get; init; } = true;
    public Guid? LoginIdInUseOnCreateEmailTemplateId { get; init; }
    public Guid? LoginIdInUseOnUpdateEmailTemplateId { get; init; }
    public Guid? LoginNewDeviceEmailTemplateId { get; init; }
    public Guid? LoginSuspiciousEmailTemplateId { get; init; }
    public string? Password { get; init; }
    public Guid? PasswordResetSuccessEmailTemplateId { get; init; }
    public Guid? PasswordUpdateEmailTemplateId { get; init; }
    public Guid? PasswordlessEmailTemplateId { get; init; }
    public int Port { get; init; } = 25;
    public string? Properties { get; init; }
    public EmailSecurityType Security { get; init; } = EmailSecurityType.NONE;
    public Guid? SetPasswordEmailTemplateId { get; init; }
    public Guid? TwoFactorMethodAddEmailTemplateId { get; init; }
    public Guid? TwoFactorMethodRemoveEmailTemplateId { get; init; }
    public EmailUnverifiedOptions Unverified { get; init; } = new();
    public string? Username { get; init; }
    public Guid? VerificationEmailTemplateId { get; init; }
    public VerificationStrategy VerificationStrategy { get; init; } = VerificationStrategy.ClickableLink;
    public bool VerifyEmail { get; init; }
    public bool VerifyEmailWhenChanged { get; init; }
}

/// <summary>A header that every mail of the tenant carries.</summary>
public sealed record EmailHeader : ContractObject
{
    public string? Name { get; init; }
    public string? Value { get; init; }
}

/// <summary>What a user may do before the e-mail is verified.</summary>
public sealed record EmailUnverifiedOptions : ContractObject
{
    public bool AllowEmailChangeWhenGated { get; init; }
    public UnverifiedBehavior Behavior { get; init; } = UnverifiedBehavior.Allow;
}

/// <summary>How the connection to the mail server is protected: not at all, TLS from the start (SSL), or STARTTLS (TLS).</summary>
public enum EmailSecurityType { NONE, SSL, TLS }

/// <summary>How an address is verified: by a link to click, or a code to type into a form.</summary>
public enum VerificationStrategy { ClickableLink, FormField }

/// <summary>Whether an unverified user gets a token, or waits behind a gate.</summary>
public enum UnverifiedBehavior { Allow, Gated }
