using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.UserActions;

namespace OrleansAuth.Users;

/// <summary>Actions that are taken on the user.</summary>
internal sealed partial class UserGrain
{
    public Task<Outcome<ActionView>> Take(TakeAction command) => Act(null, command.Actor, async step =>
    {
        await Task.CompletedTask;
        var taken = TakenActions.Take(command, step.User, configuration.Current, clock.Now);
        if (taken.Value is not { } action) return taken;
        var prevention = TakenActions.PreventionOf(action);
        if (prevention is not null && InForce(step.User).Length >= StoredUser.MostPreventions)
            return Refusal.Invalid(ContractError.General("[tooMany]action", $"At most {StoredUser.MostPreventions} actions may prevent logins of a user at the same time."));
        if (prevention is not null) step.User = KeptOut(step.User, action.ApplicationIds, step.Tenant, step.Commit);
        step.Tell(ActionPhase.Start, command.EmailUser, command.NotifyUser, command.Broadcast);
        services.Audit.Append(step.Commit, command.Actor, $"User action [{action.Name}] was taken on user with Id [{_userId}]", _tenantId);
        return taken;
    });

    public Task<Outcome<ActionView>> Modify(ModifyAction command) => Act(command.ActionId, command.Actor, step =>
    {
        var changed = TakenActions.Modify(command, step.Action!, step.User, configuration.Current, clock.Now);
        if (changed.Value is not { } action) return Task.FromResult(changed);
        if (step.Lockout is { } lockout) step.Attempts = _attempts with { Lockout = lockout with { Until = action.Expiry!.Value } };
        step.Tell(ActionPhase.Modify, command.EmailUser, command.NotifyUser, command.Broadcast);
        services.Audit.Append(step.Commit, command.Actor, $"User action [{action.Name}] on user with Id [{_userId}] was changed", _tenantId);
        return Task.FromResult(changed);
    });

    public Task<Outcome<ActionView>> Cancel(CancelAction command) => Act(command.ActionId, command.Actor, step =>
    {
        var cancelled = TakenActions.Cancel(command, step.Action!, clock.Now);
        if (cancelled.Value is not { } action) return Task.FromResult(cancelled);
        if (step.Lockout is not null) step.Attempts = Lockouts.Released(_attempts);
        step.Tell(ActionPhase.Cancel, command.EmailUser, command.NotifyUser, command.Broadcast);
        services.Audit.Append(step.Commit, command.Actor, $"User action [{action.Name}] on user with Id [{_userId}] was cancelled", _tenantId);
        return Task.FromResult(cancelled);
    });

    public async Task<Outcome<ActionView>> End(Guid actionId)
    {
        // Whoever is gone has no log; a row that stayed behind would come up again and again.
        if (_user is null) await store.Apply(new Commit().Delete(Tables.UserActionLog, ("id", actionId), ("tenant_id", _tenantId), ("user_id", _userId)));
        return await Act(actionId, Actor.System, step =>
        {
            var action = step.Action!;
            if (action.Due is null || action.Expiry > clock.Now)
            {
                // Due earlier than that in the row, where a lockout was prolonged.
                step.Writes = action.Due is not null && step.Lockout is not null;
                return Task.FromResult<Outcome<StoredAction>>(action);
            }

            if (step.Lockout is not null) step.Attempts = _attempts with { Lockout = null };
            return Task.FromResult<Outcome<StoredAction>>(Over(action, step.User, step.Tenant, step.Commit, step.Telling));
        });
    }

    /// <summary>The entry with its end noted.</summary>
    private StoredAction Over(StoredAction action, StoredUser user, Tenant tenant, Commit commit, UserTelling? telling)
    {
        var definition = configuration.Current.Find<UserAction>(action.UserActionId);
        var over = (action with { IsOver = true, EndEventSent = telling is not null && UserActionEvents.TellsEnd(definition) }).Then(ActionPhase.End, null, null, clock.Now);
        services.ActionEvents.Raise(commit, telling, new UserActionEvent(ActionPhase.End, over, definition, user, tenant)
        {
            EmailsUser = over.EmailUserOnEnd,
            NotifiesUser = over.NotifyUserOnEnd,
            Broadcast = true,
        });
        return over;
    }

    /// <summary>
    /// Decides about one entry of the log, stores it with what follows from it, and decides once more where somebody else was
    /// faster. The rows of the log have no versions; that of the user, which every such change writes, stands for them.
    /// </summary>
    /// <param name="actionId">The entry; null for a new one.</param>
    private async Task<Outcome<ActionView>> Act(Guid? actionId, Actor actor, Func<ActionStep, Task<Outcome<StoredAction>>> decide)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (Tenant is not { State: ObjectState.Active } tenant || _user is not { } user) return Refusal.NotFound;
            var step = new ActionStep(user, tenant, Telling(actor));
            if (actionId is { } id)
            {
                if (await services.Actions.Find(id) is not { } found || found.TenantId != _tenantId || found.Action.ActioneeUserId != _userId) return Refusal.NotFound;
                step.Lockout = _attempts.Lockout?.ActionId == id ? _attempts.Lockout : null;
                step.Action = step.Lockout is { } lockout ? found.Action with { Expiry = lockout.Until } : found.Action;
            }

            var decided = await decide(step);
            if (decided.Value is not { } action) return decided.Refusal!;
            if (step.Writes ?? !ReferenceEquals(action, step.Action))
            {
                if (step.Event is { } raised)
                    services.ActionEvents.Raise(step.Commit, step.Telling, raised with { Action = action, Definition = configuration.Current.Find<UserAction>(action.UserActionId) });
                step.Commit.Log(_tenantId, action);
                var stored = await Store(step.Commit, step.Telling, WithPrevention(step.User, action), _logins, step.Attempts);
                if (stored is CommitResult.Vetoed vetoed) return vetoed.Why;
                if (stored is not CommitResult.Committed)
                {
                    await Load();
                    continue;
                }
            }

            return new ActionView(JsonText.From(action.Show()));
        }

        DeactivateOnIdle();
        return Refusal.Conflict;
    }

    /// <summary>The user with what the entry means for the next login, and without what is over.</summary>
    private StoredUser WithPrevention(StoredUser user, StoredAction action)
    {
        var others = InForce(user).RemoveAll(p => p.ActionId == action.Id);
        return user with
        {
            Preventions = TakenActions.PreventionOf(action) is { } prevention ? others.Add(prevention) : others,
            ActionsChanged = user.ActionsChanged + 1,
        };
    }

    private ImmutableArray<Prevention> InForce(StoredUser user) => user.Preventions.IsDefaultOrEmpty ? [] : [.. user.Preventions.Where(p => clock.Now < p.Expiry)];

    /// <summary>What is being decided about an entry of the log.</summary>
    private sealed class ActionStep(StoredUser user, Tenant tenant, UserTelling? telling)
    {
        public Commit Commit { get; } = new();

        public Tenant Tenant { get; } = tenant;

        public UserTelling? Telling { get; } = telling;

        /// <summary>The user as decided so far.</summary>
        public StoredUser User { get; set; } = user;

        /// <summary>The entry as it is; null for a new one.</summary>
        public StoredAction? Action { get; set; }

        /// <summary>The lockout that the entry is of, if it is one.</summary>
        public Lockout? Lockout { get; set; }

        /// <summary>The counters as they are to be; null leaves them.</summary>
        public UserAttempts? Attempts { get; set; }

        /// <summary>What is to be told, once the entry is known.</summary>
        public UserActionEvent? Event { get; private set; }

        /// <summary>Null: an entry that changed is stored.</summary>
        public bool? Writes { get; set; }

        public void Tell(ActionPhase phase, bool emailsUser, bool notifiesUser, bool broadcast) => Event = new UserActionEvent(phase, null!, null, User, Tenant)
        {
            EmailsUser = emailsUser,
            NotifiesUser = notifiesUser,
            Broadcast = broadcast,
        };
    }
}
