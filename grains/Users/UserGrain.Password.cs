using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mail;
using OrleansAuth.Recovery;
using OrleansAuth.Storage;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.UserActions;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>New passwords.</summary>
internal sealed partial class UserGrain
{
    private const string Root = "user.";

    public async Task<Outcome<PasswordChanged>> ChangePassword(ChangePassword command)
    {
        if (_user is null) return Refusal.NotFound;
        var endsSessions = false;
        UserAttempts? released = null;
        StoredAction? cancelled = null;
        var refusal = await Commit(
            new UserChange(command.Actor, "given a new password")
            {
                Password = command.Ticket is { WasSent: true } ? Occasion.PasswordResetSuccess : Occasion.PasswordUpdate,
                Application = configuration.Current.FindIn<Application>(_tenantId, command.ApplicationId),
            },
            async tenant =>
            {
                var next = await NextPassword(command, tenant);
                endsSessions = next.Value is { } user && user.SessionsRevokedBefore != _user?.SessionsRevokedBefore;
                (released, cancelled) = next.Value is not null && command.Ticket is not null ? await ReleasedByReset(tenant) : (null, null);
                return next;
            },
            (commit, telling) =>
            {
                if (endsSessions) EndSessions(commit, applicationId: null);
                if (cancelled is not null) LogRelease(commit, telling, cancelled);
            },
            () => released);
        return refusal is null ? new PasswordChanged(_user!.PasswordGeneration) : refusal;
    }

    /// <summary>Who may, before what: a caller without a right learns nothing about passwords.</summary>
    private async Task<Outcome<StoredUser>> NextPassword(ChangePassword command, Tenant tenant)
    {
        if (_user is not { User.Active: true } current) return Refusal.NotFound;
        if (command.Ticket is { } ticket && !Fits(ticket, current)) return Refusal.NotFound;
        if (command.LoginId is { } name && !LoginGates.Names(current.User, name, command.LoginIdTypes)) return Refusal.NotFound;
        if (await RefuseWithoutTrust(command, current, tenant) is { } untrusted) return untrusted;
        if (command.CurrentPassword is { } given && await Differs(given, current, tenant, command.Actor) is { } wrong) return wrong;

        var now = clock.Now;
        var errors = new Errors("user");
        PasswordRules.Check(command.Password, tenant, current.User, errors);
        PasswordRules.CheckAge(current, tenant, now, errors);
        if (errors.Any) return WithoutRoot(errors.Refusal);
        var user = current.User with { PasswordChangeRequired = false, PasswordChangeReason = ChangePasswordReason.Administrative, LastUpdateInstant = now };
        if (command.Ticket?.MailedTo is not null && tenant.EmailConfiguration.ImplicitEmailVerificationAllowed)
            user = UserIdentities.Verify(user, UserIdentities.Email, IdentityVerifiedReason.Implicit, now);
        if (command.Ticket?.TextedTo is not null && tenant.PhoneConfiguration.ImplicitPhoneVerificationAllowed)
            user = UserIdentities.Verify(user, UserIdentities.PhoneNumber, IdentityVerifiedReason.Implicit, now);
        var next = await WithNewPassword(ProofsOwed.Fit(current, current with { User = user }), command.Password, tenant, command.Actor);
        return next.Refusal is { } refusal ? WithoutRoot(refusal) : next;
    }

    /// <summary>The user with a new password; where the tenant says so, all sessions end with the old one.</summary>
    private async Task<Outcome<StoredUser>> WithNewPassword(StoredUser user, string password, Tenant tenant, Actor actor)
    {
        if (await RefuseTaken(user.User, actor) is { } taken) return taken;
        if (await RefusePrevious(user, password, tenant) is { } used) return used;
        if (await services.Breaches.Refuse(password, tenant.PasswordValidationRules.BreachDetection) is { } breached) return breached;
        var hashed = await Hash(password, tenant);
        if (hashed.Refusal is { } busy) return busy;
        var remembered = tenant.PasswordValidationRules.RememberPreviousPasswords;
        var next = user with
        {
            User = Unbreached(user.User, tenant) with { PasswordLastUpdateInstant = clock.Now },
            Password = hashed.Value,
            PasswordGeneration = user.PasswordGeneration + 1,
            PreviousPasswords = remembered.Enabled && user.Password is { } old ? [.. user.PreviousPasswords.Prepend(old).Take(remembered.Count)] : [],
        };
        return tenant.JwtConfiguration.RefreshTokenRevocationPolicy.OnPasswordChanged ? next.EndSessions(null, clock.Now) : next;
    }

    /// <summary>Holds the new password against the present one and those before it, as many as the tenant remembers.</summary>
    private async Task<Refusal?> RefusePrevious(StoredUser user, string password, Tenant tenant)
    {
        var rule = tenant.PasswordValidationRules.RememberPreviousPasswords;
        if (!rule.Enabled || user.Password is not { } present) return null;
        foreach (var stored in user.PreviousPasswords.Take(rule.Count).Prepend(present))
        {
            var check = await passwords.Verify(password, PasswordStorage.Computed(stored), PasswordStorage.CostOf(tenant));
            if (check.Verdict == PasswordVerdict.Busy) return Refusal.Busy(check.RetryAfter);
            if (check.Verdict == PasswordVerdict.Matches)
                return Refusal.Invalid(ContractError.At("user.password", "previouslyUsed", "The password was used before. Choose another one."));
        }

        return null;
    }

    /// <summary>Guesses at the present password count as failed logins do, and as little is looked at after too many.</summary>
    private async Task<Refusal?> Differs(string password, StoredUser user, Tenant tenant, Actor actor)
    {
        var wrong = Refusal.Invalid(ContractError.At("currentPassword", "notEqual", "The [currentPassword] is not the user's password."));
        if (await Shut(null, tenant) is not null || IsLimited(null, tenant)) return wrong;
        var stored = user.Password is { } hash ? PasswordStorage.Computed(hash) : null;
        var check = await passwords.Verify(password, stored, PasswordStorage.CostOf(tenant));
        return check.Verdict switch
        {
            PasswordVerdict.Matches => null,
            PasswordVerdict.Busy => Refusal.Busy(check.RetryAfter),
            _ => (await Reject(null, tenant, new FailedProof(actor))).Refusal ?? wrong,
        };
    }

    private void LogRelease(Commit commit, UserTelling? telling, StoredAction cancelled)
    {
        commit.Log(_tenantId, cancelled);
        services.ActionEvents.Raise(commit, telling, new UserActionEvent(ActionPhase.Cancel, cancelled, configuration.Current.Find<UserAction>(cancelled.UserActionId), _user!, Tenant!) { Broadcast = true });
    }

    /// <summary>The counters after a reset of the password, and the entry of the lockout that it ends; nulls where it ends none.</summary>
    private async Task<(UserAttempts? Counters, StoredAction? Action)> ReleasedByReset(Tenant tenant)
    {
        if (_attempts.Lockout is not { } lockout || !Lockouts.IsInForce(_attempts, clock.Now)) return (null, null);
        if (!tenant.FailedAuthenticationConfiguration.ActionCancelPolicy.OnPasswordReset) return (null, null);
        var found = await services.Actions.Find(lockout.ActionId);
        return (Lockouts.Released(_attempts), found is { Action.IsOver: false } ? TakenActions.Cancelled(found.Action, _userId, null, clock.Now) : null);
    }

    /// <summary>Where the request holds the password alone, the paths of errors begin with it.</summary>
    private static Refusal WithoutRoot(Refusal refusal) => refusal with { Errors = [.. refusal.Errors.Select(Plain)] };

    private static ContractError Plain(ContractError error) => error.Field?.StartsWith(Root, StringComparison.Ordinal) == true
        ? error with { Field = error.Field[Root.Length..], Code = error.Code.Replace(Root, "", StringComparison.Ordinal) }
        : error;
}
