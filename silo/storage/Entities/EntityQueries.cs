using System.Collections.Frozen;
using System.Text;
using OrleansAuth.Entities;
using OrleansAuth.Storage.Users.Search;

namespace OrleansAuth.Storage.Entities;

/// <summary>Reads and searches entities without waking their grains: what was acknowledged is found.</summary>
public sealed class EntityQueries(IStoreReader store, EntityCodec codec)
{
    /// <summary>Totals are counted up to here, unless the caller wants them exact.</summary>
    public const int CountedTotal = 10_000;

    private static readonly FrozenDictionary<string, UserField> Fields = ((UserField[])
    [
        new("id", UserFieldKind.Id, "id", Sortable: false),
        new("tenantId", UserFieldKind.Id, "tenant_id", Sortable: false),
        new("name", UserFieldKind.Words, "name_lower", Sortable: true),
        new("clientId", UserFieldKind.Name, "lower(u.client_id)"),
        new("typeId", UserFieldKind.Id, "type_id", Sortable: false),
        new("type.id", UserFieldKind.Id, "type_id", Sortable: false),
        new("entityTypeId", UserFieldKind.Id, "type_id", Sortable: false),
        new("parentId", UserFieldKind.Id, "parent_id"),
        new("data", UserFieldKind.Words, "data_text"),
        new("insertInstant", UserFieldKind.Instant, "insert_instant", Sortable: false),
        new("lastUpdateInstant", UserFieldKind.Instant, "last_update_instant", Sortable: false),
    ]).ToFrozenDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);

    private readonly SearchRows _rows = new(store, new SearchTable(Tables.Entity.Name, "name", Named, CompositeFormat.Parse(
        " u.name_lower like @{0} escape '\\' or lower(u.client_id) like @{0} escape '\\' or u.data_text like @{0} escape '\\'")));

    /// <summary>One entity, or null.</summary>
    public async Task<Entity?> Find(Guid entityId, CancellationToken stop = default) =>
        await store.Read(EntityKeys.State(entityId), stop).ConfigureAwait(false) is { } state ? codec.Read(entityId, state.Body) : null;

    /// <summary>These entities, in this order; those that do not exist are left out.</summary>
    public async Task<IReadOnlyList<Entity>> FindAll(IReadOnlyList<Guid> ids, CancellationToken stop = default)
    {
        if (ids.Count == 0) return [];
        var keys = ids.Select(id => EntityKeys.State(id).Id).ToArray();
        var rows = await store.Query(
            "select id, body from state where kind = @kind and id in @ids", row => (Id: row.Text("id"), Body: row.Bytes("body")), stop,
            ("kind", EntityKeys.State(default).Kind), ("ids", keys)).ConfigureAwait(false);
        var bodies = rows.ToDictionary(r => r.Id, r => r.Body);
        return [.. ids.Where(id => bodies.ContainsKey(EntityKeys.State(id).Id)).Select(id => codec.Read(id, bodies[EntityKeys.State(id).Id]))];
    }

    /// <summary>One page of a search; fields are those of the entity, <c>type.id</c> among them.</summary>
    /// <exception cref="UserQueryException">The query or the order cannot be understood.</exception>
    public async Task<(IReadOnlyList<Entity> Entities, UserSearchPosition? Next)> Search(
        UserSearchRequest request, UserSearchPosition position, int count, CancellationToken stop = default)
    {
        var (ids, next) = await _rows.Page(request, position, count, stop).ConfigureAwait(false);
        return (await FindAll(ids, stop).ConfigureAwait(false), next);
    }

    /// <summary>How many entities a search finds: exactly, or at most <see cref="CountedTotal"/>.</summary>
    public Task<long> Count(UserSearchRequest request, bool exact, CancellationToken stop = default) => _rows.Count(request, exact ? null : CountedTotal, stop);

    /// <summary>Whether any entity, of whichever tenant, is of this type.</summary>
    public static Task<bool> AnyOfType(IStoreReader store, Guid typeId) => Any(store, "select id from entity where type_id = @id limit 1", typeId);

    /// <summary>Whether any entity has this one as its parent.</summary>
    public static Task<bool> AnyChild(IStoreReader store, Guid entityId) => Any(store, "select id from entity where parent_id = @id limit 1", entityId);

    private static async Task<bool> Any(IStoreReader store, string sql, Guid id) =>
        (await store.Query(sql, row => row.Guid("id"), default, ("id", id)).ConfigureAwait(false)).Count > 0;

    private static UserField Named(string name)
    {
        if (Fields.TryGetValue(name, out var field)) return field;
        if (name.StartsWith("data.", StringComparison.Ordinal)) return Fields["data"];
        if (name.StartsWith("entity.", StringComparison.Ordinal) && Fields.TryGetValue(name[7..], out field)) return field;
        throw new UserQueryException($"Entities cannot be searched by [{(name.Length > 64 ? name[..64] : name)}].");
    }
}
