using OrleansAuth.Applications;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mail;

/// <summary>
/// Which template the settings name for an occasion: the notice's own, that of the application, that of the tenant. Where none of them
/// names one, the built-in one serves occasions without which something would not work, and on all others nothing is sent.
/// </summary>
internal static class NoticeTemplates
{
    /// <summary>Without the message the user could not go on.</summary>
    public static bool IsNeeded(Occasion occasion) => occasion is Occasion.ForgotPassword or Occasion.SetPassword or Occasion.EmailVerification or Occasion.PhoneVerification
        or Occasion.RegistrationVerification or Occasion.Passwordless or Occasion.TwoFactorCode or Occasion.PasswordBreach;

    /// <returns>Null: no mail on that occasion.</returns>
    public static Guid? Mail(Notice notice) => notice.TemplateId ?? MailOf(notice.Occasion, notice.Tenant, notice.Application)
        ?? (IsNeeded(notice.Occasion) ? BuiltInMessages.MailOf(notice.Occasion.ToString()) : null);

    /// <returns>Null: no message on that occasion.</returns>
    public static Guid? Text(Notice notice) => notice.TemplateId ?? TextOf(notice.Occasion, notice.Tenant, notice.Application)
        ?? (IsNeeded(notice.Occasion) ? BuiltInMessages.TextOf(notice.Occasion.ToString()) : null);

    private static Guid? MailOf(Occasion occasion, Tenant tenant, Application? application)
    {
        var (own, all) = (application?.EmailConfiguration, tenant.EmailConfiguration);
        return occasion switch
        {
            Occasion.ForgotPassword => own?.ForgotPasswordEmailTemplateId ?? all.ForgotPasswordEmailTemplateId,
            Occasion.SetPassword => own?.SetPasswordEmailTemplateId ?? all.SetPasswordEmailTemplateId,
            Occasion.PasswordResetSuccess => own?.PasswordResetSuccessEmailTemplateId ?? all.PasswordResetSuccessEmailTemplateId,
            Occasion.PasswordUpdate => own?.PasswordUpdateEmailTemplateId ?? all.PasswordUpdateEmailTemplateId,
            Occasion.PasswordBreach => tenant.PasswordValidationRules.BreachDetection.NotifyUserEmailTemplateId,
            Occasion.EmailVerification => own?.EmailVerificationEmailTemplateId ?? all.VerificationEmailTemplateId,
            Occasion.EmailVerified => own?.EmailVerifiedEmailTemplateId ?? all.EmailVerifiedEmailTemplateId,
            Occasion.EmailUpdate => own?.EmailUpdateEmailTemplateId ?? all.EmailUpdateEmailTemplateId,
            Occasion.RegistrationVerification => application?.VerificationEmailTemplateId,
            Occasion.Passwordless => own?.PasswordlessEmailTemplateId ?? all.PasswordlessEmailTemplateId,
            Occasion.LoginIdInUseOnCreate => own?.LoginIdInUseOnCreateEmailTemplateId ?? all.LoginIdInUseOnCreateEmailTemplateId,
            Occasion.LoginIdInUseOnUpdate => own?.LoginIdInUseOnUpdateEmailTemplateId ?? all.LoginIdInUseOnUpdateEmailTemplateId,
            Occasion.LoginNewDevice => own?.LoginNewDeviceEmailTemplateId ?? all.LoginNewDeviceEmailTemplateId,
            Occasion.LoginSuspicious => own?.LoginSuspiciousEmailTemplateId ?? all.LoginSuspiciousEmailTemplateId,
            Occasion.TwoFactorCode => application?.MultiFactorConfiguration.Email.TemplateId ?? tenant.MultiFactorConfiguration.Email.TemplateId,
            Occasion.TwoFactorMethodAdd => own?.TwoFactorMethodAddEmailTemplateId ?? all.TwoFactorMethodAddEmailTemplateId,
            Occasion.TwoFactorMethodRemove => own?.TwoFactorMethodRemoveEmailTemplateId ?? all.TwoFactorMethodRemoveEmailTemplateId,
            Occasion.AdminTwoFactorMethodRemove => all.AdminTwoFactorMethodRemoveEmailTemplateId,
            Occasion.PasskeyAdd => Fitting(own?.TwoFactorMethodAddEmailTemplateId ?? all.TwoFactorMethodAddEmailTemplateId, BuiltInMessages.MailOf, Occasion.TwoFactorMethodAdd, occasion),
            Occasion.PasskeyRemove => Fitting(own?.TwoFactorMethodRemoveEmailTemplateId ?? all.TwoFactorMethodRemoveEmailTemplateId, BuiltInMessages.MailOf, Occasion.TwoFactorMethodRemove, occasion),
            _ => null,
        };
    }

    private static Guid? TextOf(Occasion occasion, Tenant tenant, Application? application)
    {
        var (own, all) = (application?.PhoneConfiguration, tenant.PhoneConfiguration);
        return occasion switch
        {
            Occasion.ForgotPassword => own?.ForgotPasswordTemplateId ?? all.ForgotPasswordTemplateId,
            Occasion.SetPassword => own?.SetPasswordTemplateId ?? all.SetPasswordTemplateId,
            Occasion.PasswordResetSuccess => own?.PasswordResetSuccessTemplateId ?? all.PasswordResetSuccessTemplateId,
            Occasion.PasswordUpdate => own?.PasswordUpdateTemplateId ?? all.PasswordUpdateTemplateId,
            Occasion.PhoneVerification => own?.VerificationTemplateId ?? all.VerificationTemplateId,
            Occasion.PhoneVerified => own?.VerificationCompleteTemplateId ?? all.VerificationCompleteTemplateId,
            Occasion.IdentityUpdate => own?.IdentityUpdateTemplateId ?? all.IdentityUpdateTemplateId,
            Occasion.Passwordless => own?.PasswordlessTemplateId ?? all.PasswordlessTemplateId,
            Occasion.LoginIdInUseOnCreate => own?.LoginIdInUseOnCreateTemplateId ?? all.LoginIdInUseOnCreateTemplateId,
            Occasion.LoginIdInUseOnUpdate => own?.LoginIdInUseOnUpdateTemplateId ?? all.LoginIdInUseOnUpdateTemplateId,
            Occasion.LoginNewDevice => own?.LoginNewDeviceTemplateId ?? all.LoginNewDeviceTemplateId,
            Occasion.LoginSuspicious => own?.LoginSuspiciousTemplateId ?? all.LoginSuspiciousTemplateId,
            Occasion.TwoFactorCode => application?.MultiFactorConfiguration.Sms.TemplateId ?? tenant.MultiFactorConfiguration.Sms.TemplateId,
            Occasion.TwoFactorMethodAdd => own?.TwoFactorMethodAddTemplateId ?? all.TwoFactorMethodAddTemplateId,
            Occasion.TwoFactorMethodRemove => own?.TwoFactorMethodRemoveTemplateId ?? all.TwoFactorMethodRemoveTemplateId,
            Occasion.AdminTwoFactorMethodRemove => all.AdminTwoFactorMethodRemoveTemplateId,
            Occasion.PasskeyAdd => Fitting(own?.TwoFactorMethodAddTemplateId ?? all.TwoFactorMethodAddTemplateId, BuiltInMessages.TextOf, Occasion.TwoFactorMethodAdd, occasion),
            Occasion.PasskeyRemove => Fitting(own?.TwoFactorMethodRemoveTemplateId ?? all.TwoFactorMethodRemoveTemplateId, BuiltInMessages.TextOf, Occasion.TwoFactorMethodRemove, occasion),
            _ => null,
        };
    }

    /// <summary>The template that the settings name for another occasion; in place of its built-in one the one that says what happened.</summary>
    private static Guid? Fitting(Guid? named, Func<string, Guid> builtIn, Occasion other, Occasion occasion) =>
        named == builtIn(other.ToString()) ? builtIn(occasion.ToString()) : named;
}
