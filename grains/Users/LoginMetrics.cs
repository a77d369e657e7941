using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansAuth.Common;
using OrleansAuth.Sessions;

namespace OrleansAuth.Users;

/// <summary>Logins with a password as the user's grain decides them, whichever way they came.</summary>
internal static class LoginMetrics
{
    private static readonly Counter<long> Logins = Telemetry.Meter.CreateCounter<long>(
        "orleansauth.logins", "{login}", "Logins with a password, by outcome: the status of the login, or busy, or refused.");

    private static readonly Counter<long> Lockouts = Telemetry.Meter.CreateCounter<long>(
        "orleansauth.lockouts", "{lockout}", "Users that were locked out after failed logins.");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram(
        "orleansauth.login.duration", "s", "Logins with a password, hash and commit included.", advice: Telemetry.Durations);

    /// <summary>Counts and measures a login.</summary>
    public static async Task<Outcome<LoginResult>> Measure(Func<Task<Outcome<LoginResult>>> login)
    {
        var begun = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await login();
            outcome = result.Refusal is { } refusal ? refusal.Kind == RefusalKind.Busy ? "busy" : "refused" : Word(result.Value!.Status);
            return result;
        }
        finally
        {
            Logins.Add(1, Telemetry.Label("outcome", outcome));
            Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
    }

    public static void CountLockout() => Lockouts.Add(1);

    private static string Word(LoginStatus status) => status switch
    {
        LoginStatus.Rejected => "rejected",
        LoginStatus.Locked => "locked",
        LoginStatus.Expired => "expired",
        LoginStatus.Prevented => "prevented",
        LoginStatus.TwoFactor => "two_factor",
        LoginStatus.ChangePassword => "change_password",
        LoginStatus.EmailUnverified => "email_unverified",
        LoginStatus.RegistrationUnverified => "registration_unverified",
        LoginStatus.NotRegistered => "not_registered",
        _ => "ok",
    };
}
