using OrleansAuth.Storage.Users;

namespace OrleansAuth.Storage.UserActions;

/// <summary>Which entries of a user's log are wanted.</summary>
public enum ActionFilter
{
    All,

    /// <summary>With a duration, not cancelled, not over.</summary>
    Active,

    /// <summary>All others.</summary>
    Inactive,

    /// <summary>Active, and the user does not sign in as long as they are.</summary>
    PreventingLogin,
}

/// <summary>An entry of the log, and whose it is.</summary>
public sealed record FoundAction(Guid TenantId, StoredAction Action);

/// <summary>An action whose end has to be noted.</summary>
public sealed record DueAction(Guid Id, Guid TenantId, Guid UserId);

/// <summary>Reads and writes the log of actions that were taken on users.</summary>
public sealed class UserActionLogs(IStoreReader store)
{
    /// <summary>A user's log shows at most so many entries, the youngest.</summary>
    public const int Longest = 1_000;

    private const string Columns = "select tenant_id, body from user_action_log where ";
    private const string OfUser = Columns + "user_id = @user ";
    private const string Page = "order by insert_instant desc, id desc limit @limit";

    /// <summary>One entry, or null.</summary>
    public async Task<FoundAction?> Find(Guid id, CancellationToken stop = default)
    {
        var found = await store.Query(Columns + "id = @id", Read, stop, ("id", id)).ConfigureAwait(false);
        return found.Count == 0 ? null : await WithLockout(found[0], stop).ConfigureAwait(false);
    }

    /// <summary>Entries of a user, youngest first.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public async Task<IReadOnlyList<StoredAction>> Of(Guid userId, ActionFilter filter, long now, CancellationToken stop = default)
    {
        var rows = await store.Query(
            filter switch
            {
                ActionFilter.Active => OfUser + "and due is not null " + Page,
                ActionFilter.PreventingLogin => OfUser + "and due is not null and prevents_login = @yes " + Page,
                _ => OfUser + Page,
            },
            Read,
            stop,
            [("user", userId), ("limit", (long)Longest), .. filter == ActionFilter.PreventingLogin ? [("yes", (object?)true)] : Array.Empty<(string, object?)>()]).ConfigureAwait(false);
        var actions = new List<StoredAction>();
        foreach (var row in rows)
        {
            var action = (await WithLockout(row, stop).ConfigureAwait(false)).Action;
            if (filter == ActionFilter.All || action.IsActive(now) == (filter != ActionFilter.Inactive)) actions.Add(action);
        }

        return actions;
    }

    /// <summary>Actions whose time has come, longest ago first.</summary>
    public Task<IReadOnlyList<DueAction>> Due(long now, int limit, CancellationToken stop = default) => store.Query(
        "select id, tenant_id, user_id from user_action_log where due <= @now order by due limit @limit",
        row => new DueAction(row.Guid("id"), row.Guid("tenant_id"), row.Guid("user_id")), stop, ("now", now), ("limit", (long)limit));

    /// <summary>A lockout is prolonged by a write of the counters alone, which know its end.</summary>
    private async Task<FoundAction> WithLockout(FoundAction found, CancellationToken stop)
    {
        if (found.Action is not { IsLockout: true, IsOver: false } action) return found;
        var attempts = await store.Read(UserKeys.Attempts(action.ActioneeUserId), stop).ConfigureAwait(false);
        return attempts is not null && UserAttempts.Read(attempts.Body).Lockout is { } lockout && lockout.ActionId == action.Id
            ? found with { Action = action with { Expiry = lockout.Until } }
            : found;
    }

    private static FoundAction Read(IRow row) => new(row.Guid("tenant_id"), StoredAction.Read(row.Bytes("body")));
}

/// <summary>Writes the log.</summary>
public static class UserActionCommit
{
    public static Commit Log(this Commit commit, Guid tenantId, StoredAction action) => commit.Upsert(
        Tables.UserActionLog,
        ("id", action.Id), ("tenant_id", tenantId), ("user_id", action.ActioneeUserId), ("prevents_login", action.PreventsLogin), ("body", action.Write()),
        ("due", action.Due), ("insert_instant", action.InsertInstant));
}
