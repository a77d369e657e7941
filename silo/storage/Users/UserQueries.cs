using OrleansAuth.Storage.Users.Search;

namespace OrleansAuth.Storage.Users;

/// <summary>Reads and searches users without waking their grains: what was acknowledged is found.</summary>
public sealed class UserQueries(IStoreReader store)
{
    /// <summary>Totals are counted up to here, unless the caller wants them exact.</summary>
    public const int CountedTotal = 10_000;

    /// <summary>Up to so many users, a search is answered from their ids.</summary>
    private const int Few = 500;

    private readonly SearchRows _rows = new(store, SearchTable.Users);

    /// <summary>One user, or null.</summary>
    public async Task<(StoredUser User, UserLogins Logins)?> Find(Guid userId, CancellationToken stop = default)
    {
        if (await store.Read(UserKeys.State(userId), stop).ConfigureAwait(false) is not { } state) return null;
        var logins = await store.Read(UserKeys.Logins(userId), stop).ConfigureAwait(false);
        return (StoredUser.Read(state.Body), logins is null ? UserLogins.None : UserLogins.Read(logins.Body));
    }

    /// <summary>Who signs in with this name in the tenant, or null.</summary>
    /// <param name="normalisedName">From <c>LoginName.Normalise</c> or <c>LoginName.Phone</c>.</param>
    public async Task<Guid?> FindByLogin(Guid tenantId, string normalisedName, CancellationToken stop = default) =>
        await store.FindOwner(UserKeys.Login(tenantId, normalisedName), stop).ConfigureAwait(false) is { } owner ? Guid.ParseExact(owner, "N") : null;

    /// <summary>These users, in this order; those that do not exist are left out.</summary>
    public async Task<IReadOnlyList<(StoredUser User, UserLogins Logins)>> FindAll(IReadOnlyList<Guid> ids, CancellationToken stop = default)
    {
        if (ids.Count == 0) return [];
        const string Sql = "select kind, id, body from state where kind in @kinds and id in @ids";
        var rows = await store.Query(
            Sql, row => (Key: new StateKey(row.Text("kind"), row.Text("id")), Body: row.Bytes("body")), stop,
            ("kinds", new[] { UserKeys.State(default).Kind, UserKeys.Logins(default).Kind }), ("ids", ids.Select(UserKeys.Owner).ToArray())).ConfigureAwait(false);
        var bodies = rows.ToDictionary(r => r.Key, r => r.Body);
        return
        [
            .. ids.Where(id => bodies.ContainsKey(UserKeys.State(id))).Select(id => (
                StoredUser.Read(bodies[UserKeys.State(id)]),
                bodies.TryGetValue(UserKeys.Logins(id), out var logins) ? UserLogins.Read(logins) : UserLogins.None)),
        ];
    }

    /// <summary>One page of a search.</summary>
    /// <exception cref="UserQueryException">The query or the order cannot be understood.</exception>
    public async Task<UserSearchPage> Search(UserSearchRequest request, UserSearchPosition position, int count, CancellationToken stop = default)
    {
        var (ids, next) = await _rows.Page(request, position, count, stop).ConfigureAwait(false);
        return new UserSearchPage(await FindAll(ids, stop).ConfigureAwait(false), next);
    }

    /// <summary>How many users a search finds: exactly, or at most <see cref="CountedTotal"/>.</summary>
    public Task<long> Count(UserSearchRequest request, bool exact, CancellationToken stop = default) => _rows.Count(request, exact ? null : CountedTotal, stop);

    /// <summary>
    /// The search by ids, where it finds few users: one pass over the table tells how many they are and which. Null where it
    /// finds many; then an index in the wanted order shows a page without looking at all of them.
    /// </summary>
    public async Task<UserSearchRequest?> Narrow(UserSearchRequest request, CancellationToken stop = default)
    {
        var ids = await Ids(request, Few + 1, ordered: false, stop).ConfigureAwait(false);
        return ids.Count > Few ? null : request with { Ids = [.. ids.Select(u => u.Id)] };
    }

    /// <summary>Ids and tenants of what a search finds.</summary>
    public Task<IReadOnlyList<(Guid Id, Guid TenantId)>> Ids(UserSearchRequest request, int limit, CancellationToken stop = default) =>
        Ids(request, limit, ordered: true, stop);

    private Task<IReadOnlyList<(Guid Id, Guid TenantId)>> Ids(UserSearchRequest request, int limit, bool ordered, CancellationToken stop)
    {
        var sql = new UserFilterSql(SearchTable.Users).Append(request.Filter(SearchTable.Users));
        var name = sql.Parameter((long)limit);
        return store.Query(
            $"select u.id, u.tenant_id from user_search u where {sql}{(ordered ? " order by u.insert_instant, u.id" : "")} limit @{name}",
            row => (row.Guid("id"), row.Guid("tenant_id")), stop, [.. sql.Parameters]);
    }
}
