using System.Collections.Immutable;
using OrleansAuth.Applications;
using OrleansAuth.Mfa;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>
/// What stands between the right password and a token, asked in the order of <see cref="LoginStatus"/>. Pure: the time comes in.
/// </summary>
internal static class LoginGates
{
    private const long Day = 86_400_000;
    private static readonly ImmutableArray<string> DefaultLoginIdTypes = ["email", "username"];

    /// <summary>The first gate that is shut, or <see cref="LoginStatus.Ok"/>.</summary>
    public static LoginStatus Ask(StoredUser stored, UserAttempts attempts, TokenSettings settings, long now)
    {
        if (AskAboutAccount(stored, attempts, settings, now) is var account and not LoginStatus.Ok) return account;
        if (ChangeReason(stored, settings.Tenant, now) is not null) return LoginStatus.ChangePassword;
        return AskAboutIdentity(stored, settings);
    }

    /// <summary>The gates that do not depend on a password.</summary>
    public static LoginStatus AskWithoutPassword(StoredUser stored, UserAttempts attempts, TokenSettings settings, long now) =>
        AskAboutAccount(stored, attempts, settings, now) is var account and not LoginStatus.Ok ? account : AskAboutIdentity(stored, settings);

    /// <summary>The gates that stand before the second factor: an account that may not come in is not asked for one.</summary>
    /// <param name="attempts">The user's counters, which know the lockout after failed logins.</param>
    public static LoginStatus AskAboutAccount(StoredUser stored, UserAttempts attempts, TokenSettings settings, long now)
    {
        if (!stored.User.Active) return LoginStatus.Locked;
        if (stored.User.Expiry <= now) return LoginStatus.Expired;
        return LoginPreventions.Any(stored, attempts, settings.Application?.Id, now) ? LoginStatus.Prevented : LoginStatus.Ok;
    }

    /// <summary>Why the password must be changed, or null.</summary>
    public static ChangePasswordReason? ChangeReason(StoredUser stored, Tenant tenant, long now)
    {
        if (stored.User.PasswordChangeRequired) return stored.User.PasswordChangeReason;
        return tenant.MaximumPasswordAge.Enabled && stored.User.PasswordLastUpdateInstant + (tenant.MaximumPasswordAge.Days * Day) <= now
            ? ChangePasswordReason.Expired
            : null;
    }

    /// <summary>Whether this status lets the user in: it gets a token, and the login counts.</summary>
    public static bool LetsIn(LoginStatus status, TokenSettings settings) => status switch
    {
        LoginStatus.Ok or LoginStatus.NotRegistered => true,
        LoginStatus.EmailUnverified => settings.Tenant.EmailConfiguration.Unverified.Behavior == UnverifiedBehavior.Allow,
        LoginStatus.PhoneUnverified => settings.Tenant.PhoneConfiguration.Unverified.Behavior == UnverifiedBehavior.Allow,
        LoginStatus.RegistrationUnverified => settings.Application!.Unverified.Behavior == UnverifiedBehavior.Allow,
        _ => false,
    };

    /// <summary>Whether a gate withholds the token that comes with the creation of the user.</summary>
    public static bool WithholdsFirstToken(StoredUser stored, TokenSettings settings, long now)
    {
        if (!stored.User.Active || stored.User.Expiry <= now || FactorPolicy.Ask(stored, settings) != FactorNeed.None) return true;
        if (settings.Tenant.EmailConfiguration is { VerifyEmail: true, Unverified.Behavior: UnverifiedBehavior.Gated } && stored.User is { Email: not null, Verified: false })
            return true;
        if (PhoneWaits(stored, settings) && !LetsIn(LoginStatus.PhoneUnverified, settings)) return true;
        return settings.Application is { VerifyRegistration: true, Unverified.Behavior: UnverifiedBehavior.Gated }
            && Registration(stored, settings.Application) is { Verified: false };
    }

    /// <summary>Whether a login of the user for the application opens a session.</summary>
    public static bool OpensSession(StoredUser stored, Application? application) =>
        application is { LoginConfiguration.GenerateRefreshTokens: true } && Registration(stored, application) is not null;

    /// <summary>Whether what was typed is a name of this user, of one of the types that the caller lets count.</summary>
    public static bool Names(User user, string loginId, ImmutableArray<string> types)
    {
        if (types.IsDefaultOrEmpty) types = DefaultLoginIdTypes;
        var name = LoginName.Normalise(loginId);
        return (types.Contains("email") && Same(name, LoginName.Normalise(user.Email)))
            || (types.Contains("username") && Same(name, LoginName.Normalise(user.UniqueUsername ?? user.Username)))
            || (types.Contains("phoneNumber") && Same(LoginName.Phone(loginId), LoginName.Phone(user.PhoneNumber)));
    }

    /// <summary>The registration for the application in question, if there is one.</summary>
    public static UserRegistration? Registration(StoredUser stored, Application? application) =>
        application is null ? null : stored.User.Registrations.FirstOrDefault(r => r.ApplicationId == application.Id);

    /// <summary>A gate that is shut comes before a remark that lets the user in, or an open one would hide it.</summary>
    private static LoginStatus AskAboutIdentity(StoredUser stored, TokenSettings settings)
    {
        var email = settings.Tenant.EmailConfiguration.VerifyEmail && stored.User is { Email: not null, Verified: false };
        var phone = PhoneWaits(stored, settings);
        var registration = settings.Application is { VerifyRegistration: true } && Registration(stored, settings.Application) is { Verified: false };
        if (email && !LetsIn(LoginStatus.EmailUnverified, settings)) return LoginStatus.EmailUnverified;
        if (phone && !LetsIn(LoginStatus.PhoneUnverified, settings)) return LoginStatus.PhoneUnverified;
        if (registration && !LetsIn(LoginStatus.RegistrationUnverified, settings)) return LoginStatus.RegistrationUnverified;
        if (email) return LoginStatus.EmailUnverified;
        if (phone) return LoginStatus.PhoneUnverified;
        if (settings.Application is not null && Registration(stored, settings.Application) is null) return LoginStatus.NotRegistered;
        return registration ? LoginStatus.RegistrationUnverified : LoginStatus.Ok;
    }

    private static bool PhoneWaits(StoredUser stored, TokenSettings settings) =>
        settings.Tenant.PhoneConfiguration.VerifyPhoneNumber && ProofsOwed.IsPending(stored.User, UserIdentities.PhoneNumber);

    private static bool Same(string? typed, string? name) => typed is not null && typed == name;
}
