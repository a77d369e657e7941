using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.UserActions;

namespace OrleansAuth.Tenants;

/// <summary>The settings that protect logins: lockout, rate limits, captcha, factors, usernames.</summary>
internal static class TenantLoginRules
{
    /// <param name="current">Null for a new tenant.</param>
    public static void Check(Tenant next, Tenant? current, ConfigurationSnapshot snapshot, Errors errors)
    {
        var failed = next.FailedAuthenticationConfiguration;
        errors.InRange(failed.TooManyAttempts, "failedAuthenticationConfiguration.tooManyAttempts", 1);
        errors.InRange(failed.ResetCountInSeconds, "failedAuthenticationConfiguration.resetCountInSeconds", 1);
        errors.InRange(failed.ActionDuration, "failedAuthenticationConfiguration.actionDuration", 1);
        if (failed.UserActionId is { } action && action != current?.FailedAuthenticationConfiguration.UserActionId && snapshot.Find<UserAction>(action) is not { KeepsOut: true })
            errors.Add("failedAuthenticationConfiguration.userActionId", "invalid", "A lockout needs an active user action that is temporal and prevents logins.");
        CheckLimits(next.RateLimitConfiguration, errors);
        CheckCaptcha(next.CaptchaConfiguration, errors);
        CheckUsernames(next.UsernameConfiguration.Unique, errors);
        errors.InRange(next.MultiFactorConfiguration.Authenticator.CodeLength, "multiFactorConfiguration.authenticator.codeLength", 6, 8);
        errors.InRange(next.MultiFactorConfiguration.Authenticator.TimeStep, "multiFactorConfiguration.authenticator.timeStep", 15, 300);
        errors.InRange(next.EmailConfiguration.Port, "emailConfiguration.port", 1, 65_535);
        errors.InRange(next.UserDeletePolicy.Unverified.NumberOfDaysToRetain, "userDeletePolicy.unverified.numberOfDaysToRetain", 1);
    }

    private static void CheckLimits(TenantRateLimitConfiguration limits, Errors errors)
    {
        (string Name, RateLimitedRequestConfiguration Limit)[] all =
        [
            ("failedLogin", limits.FailedLogin), ("forgotPassword", limits.ForgotPassword), ("sendEmailVerification", limits.SendEmailVerification),
            ("sendPasswordless", limits.SendPasswordless), ("sendPasswordlessPhone", limits.SendPasswordlessPhone),
            ("sendPhoneVerification", limits.SendPhoneVerification), ("sendRegistrationVerification", limits.SendRegistrationVerification),
            ("sendTwoFactor", limits.SendTwoFactor),
        ];
        foreach (var (name, limit) in all)
        {
            errors.InRange(limit.Limit, $"rateLimitConfiguration.{name}.limit", 1);
            errors.InRange(limit.TimePeriodInSeconds, $"rateLimitConfiguration.{name}.timePeriodInSeconds", 1);
        }
    }

    private static void CheckCaptcha(TenantCaptchaConfiguration captcha, Errors errors)
    {
        if (captcha.Threshold is < 0 or > 1)
            errors.Add("captchaConfiguration.threshold", "invalid", "The threshold of the captcha is between 0 and 1.");
        if (!captcha.Enabled) return;
        errors.Required(captcha.SiteKey, "captchaConfiguration.siteKey");
        errors.Required(captcha.SecretKey, "captchaConfiguration.secretKey");
    }

    private static void CheckUsernames(UniqueUsernameConfiguration unique, Errors errors)
    {
        errors.InRange(unique.NumberOfDigits, "usernameConfiguration.unique.numberOfDigits", 3, 10);
        if (unique.Separator is not [var separator] || !char.IsAscii(separator) || char.IsControl(separator) || char.IsLetterOrDigit(separator) || separator == ' ')
            errors.Add("usernameConfiguration.unique.separator", "invalid", "The separator is one ASCII character that is neither a letter nor a digit.");
    }
}
