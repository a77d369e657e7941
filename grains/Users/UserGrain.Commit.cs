using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mail;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

internal sealed partial class UserGrain
{
    /// <summary>
    /// Decides on the user as stored, commits, and decides once more if somebody else was faster. A decision of null removes
    /// the user.
    /// </summary>
    /// <param name="verb">For the audit log, such as <c>created</c>.</param>
    /// <param name="more">What else belongs to the change.</param>
    /// <param name="attempts">Asked after a decision: the counters as they are to be; null leaves them.</param>
    /// <param name="password">What the user is told of a new password.</param>
    /// <param name="application">Where the change is made; null for the tenant itself.</param>
    /// <returns>Why nothing happened, or null.</returns>
    private async Task<Refusal?> Commit(Actor actor, string verb, Func<Tenant, Task<Outcome<StoredUser>>> decide, Action<Commit>? more = null,
        Func<UserAttempts?>? attempts = null, Occasion password = Occasion.PasswordUpdate, Application? application = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (Tenant is not { State: ObjectState.Active } tenant) return Refusal.NotFound;
            var decision = await decide(tenant);
            if (decision.Refusal is { } refusal) return refusal;
            switch (await StoreWithUsername(decision.Value, tenant, commit =>
            {
                more?.Invoke(commit);
                TellOfChange(commit, decision.Value, tenant, password, application);
                services.Audit.Append(commit, actor, $"User with Id [{_userId}] was {verb}", _tenantId);
            }, attempts?.Invoke()))
            {
                case (CommitResult.Committed, _):
                    return null;
                case (CommitResult.Duplicate duplicate, { } user):
                    return await Taken(user, duplicate.Claim);
                case (CommitResult.Conflict, _) when attempt == 0:
                    await Load();
                    break;
                default:
                    DeactivateOnIdle();
                    return Refusal.Conflict;
            }
        }
    }

    /// <summary>Stores; where only the unique form of the username is taken, again with another one.</summary>
    private async Task<(CommitResult Result, User? User)> StoreWithUsername(StoredUser? next, Tenant tenant, Action<Commit> more, UserAttempts? attempts)
    {
        var rules = tenant.UsernameConfiguration.Unique;
        for (var attempt = 0; ; attempt++)
        {
            var commit = new Commit();
            more(commit);
            var result = await Store(commit, next, _logins, attempts);
            if (result is not CommitResult.Duplicate duplicate || attempt == UniqueUsername.Attempts || next is null || !rules.Enabled
                || duplicate.Claim.Name != LoginName.Normalise(next.User.UniqueUsername)) return (result, next?.User);
            var renamed = UniqueUsername.Next(next.User, rules);
            next = next with { User = UserIdentities.Fit(renamed, renamed, tenant, IdentityTrust.Policy, clock.Now) };
        }
    }

    /// <summary>The member to blame for a name that somebody else holds; <c>inactive</c> where that user is deactivated.</summary>
    private async Task<Refusal> Taken(User user, ClaimKey claim)
    {
        if (claim != UserKeys.Login(_tenantId, claim.Name))
            return Refusal.Invalid(ContractError.At("memberId", "duplicate", "A membership with this Id already exists."));
        var field = claim.Name == LoginName.Normalise(user.Email) ? "email"
            : claim.Name == LoginName.Normalise(user.UniqueUsername ?? user.Username) ? "username" : "phoneNumber";
        var owner = await store.FindOwner(claim);
        if (owner is not null) await TellHolder(Guid.ParseExact(owner, "N"));
        var state = owner is null ? null : await store.Read(UserKeys.State(Guid.ParseExact(owner, "N")));
        var inactive = state is not null && !StoredUser.Read(state.Body).User.Active;
        return Refusal.Invalid(inactive
            ? ContractError.At($"user.{field}", "inactive", $"A user with this [{field}] exists and is deactivated.")
            : ContractError.At($"user.{field}", "duplicate", $"A user with this [{field}] already exists."));
    }

    /// <summary>The names as they would be claimed, before work is spent on a user who cannot be.</summary>
    private async Task<Refusal?> RefuseTaken(User user)
    {
        foreach (var claim in UserCommit.LoginClaims(user))
        {
            if (claim.Name == LoginName.Normalise(user.UniqueUsername)) continue;
            if (await store.FindOwner(claim) is { } owner && owner != UserKeys.Owner(_userId)) return await Taken(user, claim);
        }

        return null;
    }

    private void EndSessions(Commit commit, Guid? applicationId)
    {
        if (applicationId is { } id) commit.Delete(Tables.RefreshToken, ("user_id", _userId), ("application_id", id));
        else commit.Delete(Tables.RefreshToken, ("user_id", _userId));
    }
}
