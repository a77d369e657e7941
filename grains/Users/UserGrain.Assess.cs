using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mail;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>Right passwords that are not good enough (any more). A login is the only time when one is seen.</summary>
internal sealed partial class UserGrain
{
    /// <summary>A password that was held against breaches is not held against them again before this time is over; milliseconds.</summary>
    private const long Looked = 86_400_000;

    /// <summary>
    /// Looks at the right password by the tenant's rules, and stores what follows from it: that it has to be changed, or what is
    /// known of it. Stored rather than remembered, so that it holds whatever else the login still asks for.
    /// </summary>
    /// <returns>The user as stored now; null after a lost race, and the grain then holds what is stored.</returns>
    private async Task<Outcome<StoredUser>?> Assessed(StoredUser user, string password, TokenSettings settings, Actor actor)
    {
        var (tenant, now) = (settings.Tenant, clock.Now);
        // Whom another gate keeps out changes no password.
        if (LoginGates.AskAboutAccount(user, _attempts, settings, now) != LoginStatus.Ok) return user;
        var commit = new Commit();
        var next = await WithBreach(user, password, tenant, commit, now);
        if (!next.User.PasswordChangeRequired && tenant.PasswordValidationRules.ValidateOnLogin && Breaks(password, tenant, next.User))
            next = Demanding(next, ChangePasswordReason.Validation);
        if (ReferenceEquals(next, user)) return user;
        var stored = await Store(commit, Telling(actor), next, _logins);
        return stored is CommitResult.Committed ? next : await NotStored<StoredUser>(stored);
    }

    private async Task<StoredUser> WithBreach(StoredUser user, string password, Tenant tenant, Commit commit, long now)
    {
        var rules = tenant.PasswordValidationRules.BreachDetection;
        if (rules is not { Enabled: true, OnLogin: not BreachAction.Off }) return user;
        var known = user.User;
        if (!(known.BreachedPasswordLastCheckedInstant is { } last && last >= (known.PasswordLastUpdateInstant ?? 0) && now < last + Looked))
        {
            var found = await services.Breaches.Look(password, rules);
            if (rules.OnLogin == BreachAction.NotifyUser && found != BreachedPasswordStatus.None && found != known.BreachedPasswordStatus)
                services.Notices.Mail(commit, new Notice(Occasion.PasswordBreach, user, tenant, null));
            known = known with { BreachedPasswordStatus = found, BreachedPasswordLastCheckedInstant = now };
            user = user with { User = known };
        }

        return rules.OnLogin == BreachAction.RequireChange && known is { BreachedPasswordStatus: not BreachedPasswordStatus.None, PasswordChangeRequired: false }
            ? Demanding(user, ChangePasswordReason.Breached)
            : user;
    }

    private static bool Breaks(string password, Tenant tenant, User user)
    {
        var errors = new Errors("user");
        PasswordRules.Check(password, tenant, user, errors);
        return errors.Any;
    }

    private static StoredUser Demanding(StoredUser user, ChangePasswordReason reason) =>
        user with { User = user.User with { PasswordChangeRequired = true, PasswordChangeReason = reason } };

    /// <summary>The user with a password that was just taken: it has been held against what the tenant has.</summary>
    private User Unbreached(User user, Tenant tenant) => user with
    {
        BreachedPasswordStatus = BreachedPasswordStatus.None,
        BreachedPasswordLastCheckedInstant = tenant.PasswordValidationRules.BreachDetection.Enabled ? clock.Now : null,
    };
}
