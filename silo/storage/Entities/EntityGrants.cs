using OrleansAuth.Entities;

namespace OrleansAuth.Storage.Entities;

/// <summary>A grant as stored.</summary>
/// <param name="Data">A JSON object as text, or null.</param>
/// <param name="InsertInstant">Milliseconds since 1970; the same for <paramref name="LastUpdateInstant"/>.</param>
/// <param name="PermissionIds">Permissions of the entity's type; those that were removed from the type are gone from here too.</param>
public sealed record EntityGrantRow(
    Guid Id, Guid EntityId, GrantRecipient Recipient, Guid TenantId, string? Data, long InsertInstant, long LastUpdateInstant, IReadOnlyList<Guid> PermissionIds);

/// <summary>Which grants a search means; a criterion of null matches all.</summary>
/// <param name="Name">In the name of the entity that something is granted on, with <c>*</c> as wildcard.</param>
public sealed record EntityGrantCriteria(Guid? TenantId, Guid? EntityId, GrantRecipient? Recipient, string? Name);

/// <summary>Reads who was granted what on which entity.</summary>
public sealed class EntityGrants(IStoreReader store)
{
    /// <summary>The columns that a search can sort by; each ends with entity and recipient, so that pages never overlap.</summary>
    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["entityId"] = "g.entity_id",
        ["id"] = "g.id",
        ["insertInstant"] = "g.insert_instant",
        ["lastUpdateInstant"] = "g.last_update_instant",
        ["name"] = "e.name_lower",
        ["recipientEntityId"] = "g.recipient_id",
        ["userId"] = "g.recipient_id",
    };

    /// <summary>Whether a search can sort by this member.</summary>
    public static bool CanOrderBy(string member) => Columns.ContainsKey(member);

    /// <summary>What a recipient was granted on an entity, or null.</summary>
    public async Task<EntityGrantRow?> Find(Guid entityId, GrantRecipient recipient, CancellationToken stop = default)
    {
        var rows = await store.Query(
            "select * from entity_grant where entity_id = @entity and to_user = @user and recipient_id = @recipient", Read, stop,
            ("entity", entityId), ("user", recipient.IsUser), ("recipient", recipient.Id)).ConfigureAwait(false);
        return (await WithPermissions(rows, stop).ConfigureAwait(false)).SingleOrDefault();
    }

    /// <summary>One page of the grants that match, and how many match in all.</summary>
    /// <param name="orderBy">One that <see cref="CanOrderBy"/> accepts.</param>
    public async Task<(IReadOnlyList<EntityGrantRow> Page, long Total)> Search(
        EntityGrantCriteria criteria, string orderBy, bool descending, int skip, int take, CancellationToken stop = default)
    {
        var (where, parameters) = Where(criteria);
        var from = $"from entity_grant g join entity e on e.id = g.entity_id where {where}";
        var total = await store.Query($"select count(*) as total {from}", row => row.Long("total"), stop, [.. parameters]).ConfigureAwait(false);
        var direction = descending ? "desc" : "asc";
        var order = string.Join(", ", new[] { Columns[orderBy], "g.entity_id", "g.recipient_id", "g.to_user" }.Distinct().Select(column => $"{column} {direction}"));
        var page = await store.Query(
            $"select g.* {from} order by {order} limit @take offset @skip", Read, stop,
            [.. parameters, ("take", (long)take), ("skip", (long)skip)]).ConfigureAwait(false);
        return (await WithPermissions(page, stop).ConfigureAwait(false), total[0]);
    }

    private async Task<IReadOnlyList<EntityGrantRow>> WithPermissions(IReadOnlyList<EntityGrantRow> grants, CancellationToken stop)
    {
        if (grants.Count == 0) return [];
        var rows = await store.Query(
            "select entity_id, to_user, recipient_id, permission_id from entity_grant_permission where entity_id in @entities and recipient_id in @recipients",
            row => (Grant: (row.Guid("entity_id"), Recipient(row)), Permission: row.Guid("permission_id")), stop,
            ("entities", grants.Select(g => g.EntityId).Distinct().ToArray()), ("recipients", grants.Select(g => g.Recipient.Id).Distinct().ToArray())).ConfigureAwait(false);
        var held = rows.ToLookup(r => r.Grant, r => r.Permission);
        return [.. grants.Select(g => g with { PermissionIds = [.. held[(g.EntityId, g.Recipient)]] })];
    }

    private static (string Sql, List<(string Name, object? Value)> Parameters) Where(EntityGrantCriteria criteria)
    {
        var (conditions, parameters) = (new List<string> { "1 = 1" }, new List<(string, object?)>());
        Add("g.tenant_id = @tenant", "tenant", criteria.TenantId);
        Add("g.entity_id = @entity", "entity", criteria.EntityId);
        Add("g.recipient_id = @recipient", "recipient", criteria.Recipient?.Id);
        Add("g.to_user = @user", "user", criteria.Recipient?.IsUser);
        Add("e.name_lower like @name escape '\\'", "name", criteria.Name is { } name ? Pattern(name.ToLowerInvariant()) : null);
        return (string.Join(" and ", conditions), parameters);

        void Add(string condition, string parameter, object? value)
        {
            if (value is null) return;
            conditions.Add(condition);
            parameters.Add((parameter, value));
        }
    }

    /// <summary>A plain text matches anywhere; one with <c>*</c> as it is written.</summary>
    private static string Pattern(string name)
    {
        var wild = name.Contains('*', StringComparison.Ordinal);
        var escaped = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        return wild ? escaped.Replace('*', '%') : $"%{escaped}%";
    }

    private static GrantRecipient Recipient(IRow row) => new(row.Bool("to_user"), row.Guid("recipient_id"));

    private static EntityGrantRow Read(IRow row) => new(
        row.Guid("id"), row.Guid("entity_id"), Recipient(row), row.Guid("tenant_id"), row.NullableText("data"),
        row.Long("insert_instant"), row.Long("last_update_instant"), []);
}
