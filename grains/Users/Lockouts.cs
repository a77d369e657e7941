using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.UserActions;

namespace OrleansAuth.Users;

/// <summary>
/// The lockout after too many failed logins, as arithmetic on the counters:
/// <code>
///   open --failure, fewer than the limit in a row--> open
///   open --the last failure that the limit allows--> shut for the duration
///   shut --any attempt, right or wrong, unlooked at--> shut, for the duration anew
///   shut --its end, or somebody cancels it--> open, nothing counted
///   open --a login--> nothing counted
/// </code>
/// Failures are in a row where no more than the tenant's period lies between one and the next. Pure: the time comes in.
/// </summary>
internal static class Lockouts
{
    /// <summary>An end is prolonged only by this much or more, so that a burst does not write with each attempt; milliseconds.</summary>
    private const long Resolution = 1_000;

    /// <summary>The definition that the tenant's lockout is taken by; null where the tenant has no lockout.</summary>
    public static UserAction? ActionOf(Tenant tenant, ConfigurationSnapshot snapshot) =>
        snapshot.Find<UserAction>(tenant.FailedAuthenticationConfiguration.UserActionId) is { KeepsOut: true } action ? action : null;

    public static bool IsInForce(UserAttempts attempts, long now) => now < attempts.Lockout?.Until;

    /// <summary>The counters after one more failure; the same instance where the tenant has no lockout.</summary>
    /// <param name="actionId">Of the log entry that a lockout gets which begins now.</param>
    public static UserAttempts Failed(UserAttempts attempts, Tenant tenant, ConfigurationSnapshot snapshot, DateTimeOffset now, Guid actionId)
    {
        if (ActionOf(tenant, snapshot) is not { } action) return attempts;
        var rules = tenant.FailedAuthenticationConfiguration;
        var (window, instant) = (attempts.Of(LimitedAction.Lockout), now.ToUnixTimeMilliseconds());
        var inARow = window.Count > 0 && instant <= window.Last + (rules.ResetCountInSeconds * 1000L);
        var next = inARow ? window with { Last = instant, Count = window.Count + 1 } : new AttemptWindow(instant, instant, 1);
        return next.Count < rules.TooManyAttempts
            ? attempts.With(LimitedAction.Lockout, next)
            : attempts.Without(LimitedAction.Lockout) with { Lockout = new Lockout(actionId, action.Id, End(rules, now)) };
    }

    /// <summary>The counters after an attempt while shut; the same instance where the end is as good as that already.</summary>
    public static UserAttempts Prolonged(UserAttempts attempts, Tenant tenant, ConfigurationSnapshot snapshot, DateTimeOffset now)
    {
        if (attempts.Lockout is not { } lockout || ActionOf(tenant, snapshot) is null) return attempts;
        var end = End(tenant.FailedAuthenticationConfiguration, now);
        return end - lockout.Until < Resolution ? attempts : attempts with { Lockout = lockout with { Until = end } };
    }

    /// <summary>The counters after a login.</summary>
    public static UserAttempts Forgiven(UserAttempts attempts) => attempts.Without(LimitedAction.Lockout);

    /// <summary>The counters of whom somebody let out.</summary>
    public static UserAttempts Released(UserAttempts attempts) => Forgiven(attempts) with { Lockout = null };

    /// <summary>When a lockout that begins now is over, milliseconds since 1970. Months and years go by the calendar.</summary>
    private static long End(FailedAuthenticationConfiguration rules, DateTimeOffset now)
    {
        try
        {
            return (rules.ActionDurationUnit switch
            {
                ExpiryUnit.HOURS => now.AddHours(rules.ActionDuration),
                ExpiryUnit.DAYS => now.AddDays(rules.ActionDuration),
                ExpiryUnit.WEEKS => now.AddDays(rules.ActionDuration * 7),
                ExpiryUnit.MONTHS => now.AddMonths((int)rules.ActionDuration),
                ExpiryUnit.YEARS => now.AddYears((int)rules.ActionDuration),
                _ => now.AddMinutes(rules.ActionDuration),
            }).ToUnixTimeMilliseconds();
        }
        catch (ArgumentOutOfRangeException)
        {
            // Beyond the year 9999.
            return Storage.UserActions.StoredAction.Never;
        }
    }
}
