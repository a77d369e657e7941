using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Storage.Entities;

/// <summary>An entity that has proved who it is.</summary>
public sealed record EntityClient(Guid Id, Guid TenantId, Guid TypeId);

/// <summary>An entity that a token is asked for, and what the asking entity was granted on it.</summary>
/// <param name="PermissionIds">Null where nothing was granted; empty where a grant has no permissions.</param>
public sealed record GrantedTarget(Guid Id, Guid TenantId, Guid TypeId, IReadOnlyList<Guid>? PermissionIds);

/// <summary>
/// What the token endpoint asks about entities. Every call reads the store, so a secret that was changed, a grant that was
/// revoked and an entity that was deleted count from the moment that the change was acknowledged. Only the work of opening
/// a secret is remembered, for as long as the stored entity has the same stamp.
/// </summary>
public sealed class EntityClients(IStoreReader store, EntityCodec codec)
{
    /// <summary>Half of the secrets that are remembered at most; each takes some 200 bytes.</summary>
    private const int Generation = 8192;

    /// <summary>What a wrong client id is compared with: no text has this hash.</summary>
    private static readonly byte[] NoSecret = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    private const string ClientAndTarget =
        "select c.id as client_entity, c.stamp as stamp, e.id as id, e.tenant_id as tenant_id, e.type_id as type_id, g.id as grant_id, p.permission_id as permission_id "
        + "from entity c left join entity e on e.id = @target " + ClientAndGrants;

    private const string ClientAndTargets =
        "select c.id as client_entity, c.stamp as stamp, e.id as id, e.tenant_id as tenant_id, e.type_id as type_id, g.id as grant_id, p.permission_id as permission_id "
        + "from entity c left join entity e on e.id in @targets " + ClientAndGrants;

    private const string ClientAndGrants =
        "left join entity_grant g on g.entity_id = e.id and g.to_user = false and g.recipient_id = c.id "
        + "left join entity_grant_permission p on p.entity_id = g.entity_id and p.to_user = g.to_user and p.recipient_id = g.recipient_id where c.client_id = @client";

    private volatile ConcurrentDictionary<Guid, KnownSecret> _young = new();
    private volatile ConcurrentDictionary<Guid, KnownSecret> _old = new();

    /// <summary>
    /// The entity with this client id and secret; null for an unknown client id and for a wrong secret, compared in the same time.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store is away, or the secret cannot be opened with this master key.</exception>
    public async Task<EntityClient?> Authenticate(string clientId, string secret, CancellationToken stop = default)
    {
        var rows = await store.Lookup(
            "select id, stamp from entity where client_id = @client", row => (Id: row.Guid("id"), Stamp: row.Guid("stamp")), stop,
            ("client", EntityKeys.NormaliseClientId(clientId))).ConfigureAwait(false);
        return Check(secret, rows.Count == 0 ? null : await Find(rows[0].Id, rows[0].Stamp, stop).ConfigureAwait(false));
    }

    /// <summary>
    /// The same for an entity that asks for others, with what it was granted on each; those that do not exist are left out. One
    /// question to the store answers both: with PostgreSQL the way there costs more than what is read.
    /// </summary>
    /// <exception cref="StoreUnavailableException">As above.</exception>
    public async Task<(EntityClient Client, IReadOnlyList<GrantedTarget> Targets)?> Authenticate(
        string clientId, string secret, IReadOnlyCollection<Guid> targetIds, CancellationToken stop = default)
    {
        var client = ("client", (object?)EntityKeys.NormaliseClientId(clientId));
        var rows = targetIds.Count == 1
            ? await store.Lookup(ClientAndTarget, Read, stop, client, ("target", targetIds.First())).ConfigureAwait(false)
            : await store.Lookup(ClientAndTargets, Read, stop, client, ("targets", targetIds.ToArray())).ConfigureAwait(false);
        var known = rows.Count == 0 ? null : await Find(rows[0].ClientId, rows[0].Stamp, stop).ConfigureAwait(false);
        return Check(secret, known) is { } right ? (right, Targets(rows)) : null;
    }

    private static EntityClient? Check(string secret, KnownSecret? known)
    {
        var right = CryptographicOperations.FixedTimeEquals(Hash(secret), known?.SecretHash ?? NoSecret);
        return right ? known?.Client : null;
    }

    /// <summary>The secret under this stamp.</summary>
    private async Task<KnownSecret?> Find(Guid id, Guid stamp, CancellationToken stop)
    {
        if ((_young.TryGetValue(id, out var known) || _old.TryGetValue(id, out known)) && known.Stamp == stamp) return known;
        // Read after its row, so what is kept under a stamp is never older than the stamp.
        if (await store.Read(EntityKeys.State(id), stop).ConfigureAwait(false) is not { } state) return null;
        var entity = codec.Read(id, state.Body);
        if (entity is not { TenantId: { } tenant, Type.Id: { } type, ClientSecret: { } secret }) return null;
        return Remember(new KnownSecret(new EntityClient(id, tenant, type), stamp, Hash(secret)));
    }

    private KnownSecret Remember(KnownSecret known)
    {
        var young = _young;
        if (young.Count >= Generation)
        {
            // Two threads may do this at once; the worst is that secrets are opened again.
            _old = young;
            _young = young = new ConcurrentDictionary<Guid, KnownSecret>();
        }

        return young[known.Client.Id] = known;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private static List<GrantedTarget> Targets(IReadOnlyList<TargetRow> rows) =>
    [
        .. rows.Where(row => row.Target is not null).GroupBy(row => row.Target!.Value).Select(of => new GrantedTarget(
            of.Key, of.First().TenantId!.Value, of.First().TypeId!.Value, of.First().HasGrant ? [.. of.Select(row => row.Permission).OfType<Guid>()] : null)),
    ];

    private static TargetRow Read(IRow row) => new(
        row.Guid("client_entity"), row.Guid("stamp"), row.NullableGuid("id"), row.NullableGuid("tenant_id"), row.NullableGuid("type_id"),
        row.NullableGuid("grant_id") is not null, row.NullableGuid("permission_id"));

    /// <param name="Target">Null where no target exists.</param>
    private readonly record struct TargetRow(Guid ClientId, Guid Stamp, Guid? Target, Guid? TenantId, Guid? TypeId, bool HasGrant, Guid? Permission);

    /// <param name="SecretHash">SHA-256: memory holds no secret, and all compare in the same time.</param>
    private sealed record KnownSecret(EntityClient Client, Guid Stamp, byte[] SecretHash);
}
