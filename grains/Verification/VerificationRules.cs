using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Verification;

/// <summary>The settings of verification, in tenants and applications.</summary>
internal static class VerificationRules
{
    private const string Message = "A code is typed into the page that a user waits at, so the strategy FormField needs the behavior Gated.";

    public static void Check(Tenant next, Errors errors)
    {
        Check(next.EmailConfiguration.VerificationStrategy, next.EmailConfiguration.Unverified.Behavior, next.EmailConfiguration.VerifyEmail, "emailConfiguration.verificationStrategy", errors);
    }

    public static void Check(Application next, Errors errors)
    {
        Check(next.VerificationStrategy, next.Unverified.Behavior, next.VerifyRegistration, "verificationStrategy", errors);
        errors.InRange(next.RegistrationDeletePolicy.Unverified.NumberOfDaysToRetain, "registrationDeletePolicy.unverified.numberOfDaysToRetain", 1);
    }

    /// <summary>The policy with the instant of its switching on, from which its days count for what was there before.</summary>
    public static TimeBasedDeletePolicy Completed(TimeBasedDeletePolicy next, TimeBasedDeletePolicy? current, long now) =>
        next with { EnabledInstant = !next.Enabled ? null : current is { Enabled: true, EnabledInstant: { } since } ? since : now };

    private static void Check(VerificationStrategy strategy, UnverifiedBehavior behavior, bool verifies, string field, Errors errors)
    {
        if (verifies && strategy == VerificationStrategy.FormField && behavior != UnverifiedBehavior.Gated) errors.Add(field, "invalid", Message);
    }
}
