using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mail;
using OrleansAuth.Storage;
using OrleansAuth.Storage.IdentityProviders;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

internal sealed partial class UserGrain
{
    /// <summary>
    /// Decides on the user as stored, commits, and decides once more if somebody else was faster. A decision of null removes
    /// the user.
    /// </summary>
    /// <param name="more">What else belongs to the change.</param>
    /// <param name="attempts">Asked after a decision: the counters as they are to be; null leaves them.</param>
    /// <returns>Why nothing happened, or null.</returns>
    private async Task<Refusal?> Commit(
        UserChange change, Func<Tenant, Task<Outcome<StoredUser>>> decide, Action<Commit, UserTelling?>? more = null, Func<UserAttempts?>? attempts = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (Tenant is not { State: ObjectState.Active } tenant) return Refusal.NotFound;
            var decision = await decide(tenant);
            if (decision.Refusal is { } refusal) return refusal;
            var telling = Telling(change);
            switch (await StoreWithUsername(decision.Value, tenant, telling, attempts?.Invoke(), commit =>
            {
                more?.Invoke(commit, telling);
                TellOfChange(commit, decision.Value, tenant, change);
                services.Audit.Append(commit, change.Actor, $"User with Id [{_userId}] was {change.Verb}", _tenantId);
            }))
            {
                case (CommitResult.Committed, _):
                    return null;
                case (CommitResult.Vetoed vetoed, _):
                    return vetoed.Why;
                case (CommitResult.Duplicate duplicate, { } user):
                    return await Taken(user, duplicate.Claim, change.Actor);
                case (CommitResult.Conflict, _) when attempt == 0:
                    await Load();
                    break;
                default:
                    DeactivateOnIdle();
                    return Refusal.Conflict;
            }
        }
    }

    private UserTelling? Telling(UserChange change) =>
        Hears() ? new UserTelling(change.Actor) { IsUpdate = change.IsUpdate, IsReset = change.Password == Occasion.PasswordResetSuccess } : null;

    /// <summary>Stores; where only the unique form of the username is taken, again with another one.</summary>
    private async Task<(CommitResult Result, User? User)> StoreWithUsername(StoredUser? next, Tenant tenant, UserTelling? telling, UserAttempts? attempts, Action<Commit> more)
    {
        var rules = tenant.UsernameConfiguration.Unique;
        for (var attempt = 0; ; attempt++)
        {
            // Looked at first where others are asked before the commit: they should hear of the name that the user gets.
            if (telling is not null && next is not null && rules.Enabled && attempt < UniqueUsername.Attempts && await IsTaken(next.User.UniqueUsername))
            {
                next = Renamed(next, tenant);
                continue;
            }

            var commit = new Commit();
            more(commit);
            var result = await Store(commit, telling, next, _logins, attempts);
            if (result is not CommitResult.Duplicate duplicate || attempt >= UniqueUsername.Attempts || next is null || !rules.Enabled
                || duplicate.Claim.Name != LoginName.Normalise(next.User.UniqueUsername)) return (result, next?.User);
            next = Renamed(next, tenant);
        }
    }

    private async Task<bool> IsTaken(string? username) =>
        LoginName.Normalise(username) is { } name && await store.FindOwner(UserKeys.Login(_tenantId, name)) is { } owner && owner != UserKeys.Owner(_userId);

    private StoredUser Renamed(StoredUser user, Tenant tenant)
    {
        var renamed = UniqueUsername.Next(user.User, tenant.UsernameConfiguration.Unique);
        return user with { User = UserIdentities.Fit(renamed, renamed, tenant, IdentityTrust.Policy, clock.Now) };
    }

    /// <summary>The member to blame for a name that somebody else holds; <c>inactive</c> where that user is deactivated.</summary>
    private async Task<Refusal> Taken(User user, ClaimKey claim, Actor actor)
    {
        if (claim.Scope == LinkKeys.Scope(_tenantId)) return LinkTaken;
        if (claim != UserKeys.Login(_tenantId, claim.Name))
            return Refusal.Invalid(ContractError.At("memberId", "duplicate", "A membership with this Id already exists."));
        var field = claim.Name == LoginName.Normalise(user.Email) ? "email"
            : claim.Name == LoginName.Normalise(user.UniqueUsername ?? user.Username) ? "username" : "phoneNumber";
        var owner = await store.FindOwner(claim);
        var state = owner is null ? null : await store.Read(UserKeys.State(Guid.ParseExact(owner, "N")));
        var holder = state is null ? null : StoredUser.Read(state.Body);
        if (holder is not null) await TellHolder(holder, new WantedName(user, field), actor);
        var inactive = holder is { User.Active: false };
        return Refusal.Invalid(inactive
            ? ContractError.At($"user.{field}", "inactive", $"A user with this [{field}] exists and is deactivated.")
            : ContractError.At($"user.{field}", "duplicate", $"A user with this [{field}] already exists."));
    }

    /// <summary>The names as they would be claimed, before work is spent on a user who cannot be.</summary>
    private async Task<Refusal?> RefuseTaken(User user, Actor actor)
    {
        foreach (var claim in UserCommit.LoginClaims(user))
        {
            if (claim.Name == LoginName.Normalise(user.UniqueUsername)) continue;
            if (await store.FindOwner(claim) is { } owner && owner != UserKeys.Owner(_userId)) return await Taken(user, claim, actor);
        }

        return null;
    }

    private void EndSessions(Commit commit, Guid? applicationId)
    {
        if (applicationId is { } id) commit.Delete(Tables.RefreshToken, ("user_id", _userId), ("application_id", id));
        else commit.Delete(Tables.RefreshToken, ("user_id", _userId));
    }

    /// <summary>A change as those see it who are told of it.</summary>
    /// <param name="Verb">For the audit log, such as <c>created</c>.</param>
    private sealed record UserChange(Actor Actor, string Verb)
    {
        /// <summary>What the user is told of a new password.</summary>
        public Occasion Password { get; init; } = Occasion.PasswordUpdate;

        /// <summary>Where the change is made; null for the tenant itself.</summary>
        public Application? Application { get; init; }

        /// <summary>Somebody sent the user anew, whatever was another than before.</summary>
        public bool IsUpdate { get; init; }
    }
}
