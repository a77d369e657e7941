using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>
/// So many attempts per so many seconds, by arithmetic on two numbers: the period begins with its first attempt, and
/// attempts beyond the limit do not lengthen it. Pure: the time comes in.
/// </summary>
internal static class RateLimits
{
    /// <summary>The limit of an action; null where the tenant has none switched on.</summary>
    public static RateLimitedRequestConfiguration? Of(Tenant tenant, LimitedAction action)
    {
        var limits = tenant.RateLimitConfiguration;
        var limit = action switch
        {
            LimitedAction.FailedLogin => limits.FailedLogin,
            LimitedAction.ForgotPassword => limits.ForgotPassword,
            LimitedAction.SendEmailVerification => limits.SendEmailVerification,
            LimitedAction.SendPasswordless => limits.SendPasswordless,
            LimitedAction.SendPasswordlessPhone => limits.SendPasswordlessPhone,
            LimitedAction.SendPhoneVerification => limits.SendPhoneVerification,
            LimitedAction.SendRegistrationVerification => limits.SendRegistrationVerification,
            LimitedAction.SendTwoFactor => limits.SendTwoFactor,
            _ => null,
        };
        return limit is { Enabled: true } ? limit : null;
    }

    /// <summary>Whether one more attempt is one too many.</summary>
    public static bool Exceeded(UserAttempts attempts, Tenant tenant, LimitedAction action, long now) =>
        Of(tenant, action) is { } limit && attempts.Of(action) is var window && now < window.Since + Period(limit) && window.Count >= limit.Limit;

    /// <summary>The counters after one more attempt; the same instance where the tenant does not limit the action.</summary>
    public static UserAttempts Count(UserAttempts attempts, Tenant tenant, LimitedAction action, long now)
    {
        if (Of(tenant, action) is not { } limit) return attempts;
        var window = attempts.Of(action);
        return attempts.With(action, now < window.Since + Period(limit) ? window with { Last = now, Count = window.Count + 1 } : new AttemptWindow(now, now, 1));
    }

    private static long Period(RateLimitedRequestConfiguration limit) => limit.TimePeriodInSeconds * 1000L;
}
