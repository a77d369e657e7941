using System.Globalization;
using OrleansAuth.Storage.Users.Search;

namespace OrleansAuth.Storage.Users;

/// <summary>Reads and searches users without waking their grains: what was acknowledged is found.</summary>
public sealed class UserQueries(IStoreReader store)
{
    /// <summary>Totals are counted up to here, unless the caller wants them exact.</summary>
    public const int CountedTotal = 10_000;

    /// <summary>Up to so many users, a search is answered from their ids.</summary>
    private const int Few = 500;

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
        var order = UserOrder.Of(request);
        var rows = new List<FoundUser>();
        foreach (var part in order.Parts(position))
        {
            if (rows.Count > count) break;
            rows.AddRange(await Run(request, order, part with { Skip = await Rest(request, order, part, stop).ConfigureAwait(false) }, count + 1 - rows.Count, stop).ConfigureAwait(false));
        }

        var page = rows.Take(count).ToList();
        var users = await FindAll([.. page.Select(r => r.Id)], stop).ConfigureAwait(false);
        var next = rows.Count <= count || count == 0 ? null
            : order.ByPosition ? new UserSearchPosition(position.Skip + count, null, null)
            : new UserSearchPosition(0, page[^1].Key, page[^1].Id);
        return new UserSearchPage(users, next);
    }

    /// <summary>How many users a search finds: exactly, or at most <see cref="CountedTotal"/>.</summary>
    public async Task<long> Count(UserSearchRequest request, bool exact, CancellationToken stop = default)
    {
        var sql = new UserFilterSql().Append(request.Filter());
        var text = exact
            ? $"select count(*) as total from user_search u where {sql}"
            : string.Create(CultureInfo.InvariantCulture, $"select count(*) as total from (select 1 from user_search u where {sql} limit {CountedTotal}) counted");
        return (await store.Query(text, row => row.Long("total"), stop, [.. sql.Parameters]).ConfigureAwait(false))[0];
    }

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
        var sql = new UserFilterSql().Append(request.Filter());
        var name = sql.Parameter((long)limit);
        return store.Query(
            $"select u.id, u.tenant_id from user_search u where {sql}{(ordered ? " order by u.insert_instant, u.id" : "")} limit @{name}",
            row => (row.Guid("id"), row.Guid("tenant_id")), stop, [.. sql.Parameters]);
    }

    // Users without a value come last; how many to leave out of them depends on how many come before.
    private async Task<int> Rest(UserSearchRequest request, UserOrder order, UserOrderPart part, CancellationToken stop)
    {
        if (part.Skip == 0 || !part.Empty) return part.Skip;
        var sql = new UserFilterSql().Append(request.Filter());
        var text = $"select count(*) as total from user_search u where {sql} and u.{order.Column} is not null";
        var before = (await store.Query(text, row => row.Long("total"), stop, [.. sql.Parameters]).ConfigureAwait(false))[0];
        return (int)Math.Max(0, part.Skip - before);
    }

    private Task<IReadOnlyList<FoundUser>> Run(UserSearchRequest request, UserOrder order, UserOrderPart part, int count, CancellationToken stop)
    {
        var sql = new UserFilterSql().Append(request.Filter());
        var (condition, orderBy) = order.Write(sql, part);
        var (limit, offset) = (sql.Parameter((long)count), sql.Parameter((long)part.Skip));
        return store.Query(
            $"select u.id{order.KeyColumn} from user_search u where {sql}{condition} order by {orderBy} limit @{limit} offset @{offset}",
            row => new FoundUser(row.Guid("id"), order.ReadKey(row)), stop, [.. sql.Parameters]);
    }

    private sealed record FoundUser(Guid Id, string? Key);
}
