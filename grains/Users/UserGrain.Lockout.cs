using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.UserActions;

namespace OrleansAuth.Users;

/// <summary>
/// Failed logins, counted: of a user, or of each name that nobody has and that this grain stands in for. Both write one small
/// row and answer alike.
/// </summary>
internal sealed partial class UserGrain
{
    /// <summary>So often a failure is counted anew where other activations count at the same time.</summary>
    private const int CountAttempts = 20;

    private static readonly TimeSpan Crowded = TimeSpan.FromSeconds(1);

    /// <summary>Which counters an attempt belongs to: null for the user's own.</summary>
    private string? SlotOf(Login command) => !IsDecoy ? null : DecoyMark.Slot(
        services.Secrets.Mark(LoginName.Typed(command.LoginId, command.LoginIdTypes.Contains("phoneNumber")), DecoyMark.Purpose));

    private UserAttempts CountersOf(string? slot) => slot is null ? _attempts : _decoy.Of(slot);

    private bool IsLimited(string? slot, Tenant tenant) => RateLimits.Exceeded(CountersOf(slot), tenant, LimitedAction.FailedLogin, clock.Now);

    /// <summary>
    /// The answer to an attempt during a lockout, which begins anew with it; null where there is none. The same to everybody:
    /// the password has not been looked at.
    /// </summary>
    private async Task<LoginResult?> Shut(string? slot, Tenant tenant)
    {
        for (var attempt = 0; attempt < CountAttempts; attempt++)
        {
            var counters = CountersOf(slot);
            if (!Lockouts.IsInForce(counters, clock.Now)) return null;
            var next = Lockouts.Prolonged(counters, tenant, configuration.Current, clock.UtcNow);
            if (ReferenceEquals(next, counters) || await StoreCounters(new Commit(), next, slot, tenant, telling: null) is CommitResult.Committed)
                return Closed(LoginStatus.Prevented) with { Actions = LoginPreventions.ShowLockout(next, configuration.Current) };
            await Load();
        }

        return Closed(LoginStatus.Prevented) with { Actions = LoginPreventions.ShowLockout(CountersOf(slot), configuration.Current) };
    }

    /// <summary>Counts a failure and answers it; with the last one that the tenant allows, the lockout begins.</summary>
    /// <param name="slot">From <see cref="SlotOf"/>.</param>
    private async Task<Outcome<LoginResult>> Reject(string? slot, Tenant tenant, FailedProof failed)
    {
        // Who has receivers for it writes with every failure, also of a name that nobody has.
        var tells = failed.AuthenticationType is not null && Hears(EventTypes.UserLoginFailed);
        var noted = failed.AuthenticationType is null ? null : services.Failures.Next(_tenantId, IsDecoy ? null : _userId, failed.ApplicationId, failed.Actor.IpAddress);
        for (var attempt = 0; attempt < CountAttempts; attempt++)
        {
            // Another activation may have counted the failure that shuts the door: then this guess came too late for an answer.
            if (attempt > 0 && await Shut(slot, tenant) is { } shut) return shut;
            if (attempt > 0 && IsLimited(slot, tenant)) return Closed(LoginStatus.Rejected);
            var counters = CountersOf(slot);
            var next = Lockouts.Failed(RateLimits.Count(counters, tenant, LimitedAction.FailedLogin, clock.Now), tenant, configuration.Current, clock.UtcNow, Guid.CreateVersion7(clock.UtcNow));
            if (ReferenceEquals(next, counters) && !tells && noted is null) return Closed(LoginStatus.Rejected);
            var telling = TellingOf(failed);
            var began = next.Lockout is { } lockout && lockout.ActionId != counters.Lockout?.ActionId;
            var stored = began && _user is { } user ? await LockOut(new Commit().Note(noted), user, next, tenant, telling) : await StoreCounters(new Commit().Note(noted), next, slot, tenant, telling);
            if (stored is CommitResult.Committed && began) LoginMetrics.CountLockout();
            if (stored is CommitResult.Committed) return Closed(LoginStatus.Rejected);
            await Load();
        }

        DeactivateOnIdle();
        return Refusal.Busy(Crowded);
    }

    /// <summary>Nobody is asked: by its time, the answer would tell whether there is such a user.</summary>
    private UserTelling? TellingOf(FailedProof failed)
    {
        if (_user is null || !Hears()) return null;
        var telling = new UserTelling(failed.Actor) { AsksNobody = true };
        if (failed.AuthenticationType is { } type)
        {
            telling.Add(EventTypes.UserLoginFailed, p => p.With(
                ("applicationId", failed.ApplicationId), ("authenticationType", type), ("ipAddress", failed.Actor.IpAddress), ("reason", new JsonObject { ["code"] = "credentials" })));
        }

        return telling;
    }

    /// <summary>Stores the counters and what follows from a lockout that begins with them.</summary>
    private async Task<CommitResult> LockOut(Commit commit, StoredUser user, UserAttempts next, Tenant tenant, UserTelling? telling)
    {
        var now = clock.Now;
        var definition = Lockouts.ActionOf(tenant, configuration.Current)!;
        if (_attempts.Lockout is { } earlier && await services.Actions.Find(earlier.ActionId) is { Action.IsOver: false } unnoted)
            commit.Log(_tenantId, Over(unnoted.Action, user, tenant, commit, telling));
        var action = TakenActions.LockedOut(user, definition, next.Lockout!, tenant, now);
        commit.Log(_tenantId, action);
        services.ActionEvents.Raise(commit, telling, new UserActionEvent(ActionPhase.Start, action, definition, user, tenant)
        {
            EmailsUser = tenant.FailedAuthenticationConfiguration.EmailUser,
            Broadcast = true,
        });

        // Whoever was let in by another activation that knows nothing of this lockout yet is stopped by this row: every login writes it.
        return await Store(commit, telling, KeptOut(user, [], tenant, commit), _logins with { }, next);
    }

    /// <summary>
    /// Whether no other activation has counted since, where there are lockouts. Who is let in writes a row that the beginning of a
    /// lockout writes too; an answer that shows a right password in another way has to ask.
    /// </summary>
    private async Task<bool> IsUpToDate(Tenant tenant)
    {
        if (Lockouts.ActionOf(tenant, configuration.Current) is null || (await store.Read(UserKeys.Attempts(_userId)))?.Version is var stored && (stored ?? 0) == _attemptsVersion) return true;
        await Load();
        return false;
    }

    /// <summary>The user with the sessions ended that the tenant ends for whom is kept out.</summary>
    private StoredUser KeptOut(StoredUser user, IReadOnlyCollection<Guid> applicationIds, Tenant tenant, Commit commit)
    {
        if (!tenant.JwtConfiguration.RefreshTokenRevocationPolicy.OnLoginPrevented) return user;
        if (applicationIds.Count == 0)
        {
            EndSessions(commit, applicationId: null);
            return user.EndSessions(null, clock.Now);
        }

        foreach (var id in applicationIds)
        {
            EndSessions(commit, id);
            user = user.EndSessions(id, clock.Now);
        }

        return user;
    }

    private async Task<CommitResult> StoreCounters(Commit commit, UserAttempts next, string? slot, Tenant tenant, UserTelling? telling)
    {
        if (slot is null) return _user is null ? new CommitResult.Committed(0) : await Store(commit, telling, _user, _logins, next);
        var longest = Math.Max(tenant.FailedAuthenticationConfiguration.ResetCountInSeconds, tenant.RateLimitConfiguration.FailedLogin.TimePeriodInSeconds);
        var decoy = _decoy.With(slot, next, clock.Now - (longest * 1000L));
        commit.Put(UserKeys.Attempts(_tenantId, _userId), _attemptsVersion, decoy.Write(), _tenantId);
        try
        {
            var result = await store.Apply(commit);
            if (result is CommitResult.Committed) (_decoy, _attemptsVersion) = (decoy, _attemptsVersion + 1);
            return result;
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    /// <summary>Something that did not prove who somebody is.</summary>
    private sealed record FailedProof(Actor Actor)
    {
        /// <summary>What was tried; null where it was no login.</summary>
        public string? AuthenticationType { get; init; }

        /// <summary>The application that the login was for; null for none.</summary>
        public Guid? ApplicationId { get; init; }

        public static FailedProof Of(LoginWish wish, string authenticationType) => new(wish.Actor) { AuthenticationType = authenticationType, ApplicationId = wish.ApplicationId };
    }
}
