using System.Globalization;
using System.Text;

namespace OrleansAuth.Storage.Users.Search;

/// <summary>A table of search rows: its fields as callers name them, and what a word without a field is looked for in.</summary>
/// <param name="Name">The table; queries call it <c>u</c>.</param>
/// <param name="Named">The field of a name; throws <see cref="UserQueryException"/> where there is none.</param>
/// <param name="AnyText">A condition over every text of a row; <c>{0}</c> is the name of the parameter with the pattern.</param>
/// <param name="Usual">The field that a search within a tenant is sorted by, unless it says otherwise.</param>
internal sealed record SearchTable(string Name, string Usual, Func<string, UserField> Named, CompositeFormat AnyText)
{
    public static readonly SearchTable Users = new(Tables.UserSearch.Name, "login", UserField.Named, CompositeFormat.Parse(
        " u.login like @{0} escape '\\' or u.email like @{0} escape '\\' or u.username_lower like @{0} escape '\\'"
        + " or u.full_name_lower like @{0} escape '\\' or u.first_name_lower like @{0} escape '\\' or u.last_name_lower like @{0} escape '\\'"
        + " or u.phone like @{0} escape '\\' or u.mobile_phone like @{0} escape '\\' or u.data_text like @{0} escape '\\'"));
}

/// <summary>Pages through the rows of one search table.</summary>
internal sealed class SearchRows(IStoreReader store, SearchTable table)
{
    /// <summary>The ids of one page, in order, and where the next page begins.</summary>
    /// <exception cref="UserQueryException">The query or the order cannot be understood.</exception>
    public async Task<(IReadOnlyList<Guid> Ids, UserSearchPosition? Next)> Page(UserSearchRequest request, UserSearchPosition position, int count, CancellationToken stop)
    {
        var order = UserOrder.Of(request, table);
        var rows = new List<FoundRow>();
        foreach (var part in order.Parts(position))
        {
            if (rows.Count > count) break;
            rows.AddRange(await Run(request, order, part with { Skip = await Rest(request, order, part, stop).ConfigureAwait(false) }, count + 1 - rows.Count, stop).ConfigureAwait(false));
        }

        var page = rows.Take(count).ToList();
        var next = rows.Count <= count || count == 0 ? null
            : order.ByPosition ? new UserSearchPosition(position.Skip + count, null, null)
            : new UserSearchPosition(0, page[^1].Key, page[^1].Id);
        return ([.. page.Select(r => r.Id)], next);
    }

    /// <summary>How many rows a search finds: exactly, or at most <paramref name="most"/>.</summary>
    public async Task<long> Count(UserSearchRequest request, int? most, CancellationToken stop)
    {
        var sql = new UserFilterSql(table).Append(request.Filter(table));
        var text = most is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"select count(*) as total from (select 1 from {table.Name} u where {sql} limit {limit}) counted")
            : $"select count(*) as total from {table.Name} u where {sql}";
        return (await store.Query(text, row => row.Long("total"), stop, [.. sql.Parameters]).ConfigureAwait(false))[0];
    }

    // Rows without a value come last; how many to leave out of them depends on how many come before.
    private async Task<int> Rest(UserSearchRequest request, UserOrder order, UserOrderPart part, CancellationToken stop)
    {
        if (part.Skip == 0 || !part.Empty) return part.Skip;
        var sql = new UserFilterSql(table).Append(request.Filter(table));
        var text = $"select count(*) as total from {table.Name} u where {sql} and u.{order.Column} is not null";
        var before = (await store.Query(text, row => row.Long("total"), stop, [.. sql.Parameters]).ConfigureAwait(false))[0];
        return (int)Math.Max(0, part.Skip - before);
    }

    private Task<IReadOnlyList<FoundRow>> Run(UserSearchRequest request, UserOrder order, UserOrderPart part, int count, CancellationToken stop)
    {
        var sql = new UserFilterSql(table).Append(request.Filter(table));
        var (condition, orderBy) = order.Write(sql, part);
        var (limit, offset) = (sql.Parameter((long)count), sql.Parameter((long)part.Skip));
        return store.Query(
            $"select u.id{order.KeyColumn} from {table.Name} u where {sql}{condition} order by {orderBy} limit @{limit} offset @{offset}",
            row => new FoundRow(row.Guid("id"), order.ReadKey(row)), stop, [.. sql.Parameters]);
    }

    private sealed record FoundRow(Guid Id, string? Key);
}
