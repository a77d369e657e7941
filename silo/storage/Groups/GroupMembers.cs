namespace OrleansAuth.Storage.Groups;

/// <summary>One user's place in one group, as a row.</summary>
/// <param name="Data">A JSON object as text, or null.</param>
/// <param name="InsertInstant">Milliseconds since 1970.</param>
public sealed record GroupMemberRow(Guid Id, Guid GroupId, Guid UserId, Guid TenantId, string? Data, long InsertInstant);

/// <summary>Which members a search means; a criterion of null matches all.</summary>
public sealed record GroupMemberCriteria(Guid? TenantId, Guid? GroupId, Guid? UserId);

/// <summary>Reads who is in which group, from the rows that are stored together with each user.</summary>
public sealed class GroupMembers(IStoreReader store)
{
    /// <summary>The columns that a search can sort by; each ends with the id, so that pages never overlap.</summary>
    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["groupId"] = "group_id",
        ["id"] = "id",
        ["insertInstant"] = "insert_instant",
        ["userId"] = "user_id",
    };

    /// <summary>Whether a search can sort by this member.</summary>
    public static bool CanOrderBy(string member) => Columns.ContainsKey(member);

    /// <summary>One page of the members that match, and how many match in all.</summary>
    /// <param name="orderBy">One that <see cref="CanOrderBy"/> accepts.</param>
    public async Task<(IReadOnlyList<GroupMemberRow> Page, long Total)> Search(
        GroupMemberCriteria criteria, string orderBy, bool descending, int skip, int take, CancellationToken stop = default)
    {
        var (where, parameters) = Where(criteria);
        var direction = descending ? "desc" : "asc";
        var column = Columns[orderBy];
        var total = await store.Query($"select count(*) as total from group_member where {where}", row => row.Long("total"), stop, [.. parameters]).ConfigureAwait(false);
        var page = await store.Query(
            $"select * from group_member where {where} order by {column} {direction}{(column == "id" ? "" : $", id {direction}")} limit @take offset @skip",
            Read, stop, [.. parameters, ("take", (long)take), ("skip", (long)skip)]).ConfigureAwait(false);
        return (page, total[0]);
    }

    /// <summary>Everybody in a group.</summary>
    public Task<IReadOnlyList<GroupMemberRow>> Of(Guid groupId, CancellationToken stop = default) =>
        store.Query("select * from group_member where group_id = @group", Read, stop, ("group", groupId));

    /// <summary>Those of these memberships that exist.</summary>
    public Task<IReadOnlyList<GroupMemberRow>> Find(IReadOnlyCollection<Guid> ids, CancellationToken stop = default) =>
        store.Query("select * from group_member where id in @ids", Read, stop, ("ids", ids.ToArray()));

    /// <summary>Those of these users who exist in the tenant.</summary>
    public async Task<HashSet<Guid>> Users(Guid tenantId, IReadOnlyCollection<Guid> ids, CancellationToken stop = default) =>
    [
        .. await store.Query(
            "select id from user_search where tenant_id = @tenant and id in @ids", row => row.Guid("id"), stop,
            ("tenant", tenantId), ("ids", ids.ToArray())).ConfigureAwait(false),
    ];

    private static (string Sql, List<(string Name, object? Value)> Parameters) Where(GroupMemberCriteria criteria)
    {
        var parameters = new List<(string, object?)>();
        if (criteria.TenantId is { } tenant) parameters.Add(("tenant_id", tenant));
        if (criteria.GroupId is { } group) parameters.Add(("group_id", group));
        if (criteria.UserId is { } user) parameters.Add(("user_id", user));
        return (parameters.Count == 0 ? "1 = 1" : string.Join(" and ", parameters.Select(p => $"{p.Item1} = @{p.Item1}")), parameters);
    }

    private static GroupMemberRow Read(IRow row) => new(
        row.Guid("id"), row.Guid("group_id"), row.Guid("user_id"), row.Guid("tenant_id"), row.NullableText("data"), row.Long("insert_instant"));
}
