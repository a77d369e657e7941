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

    private const string TargetColumns =
        "select e.id as id, e.tenant_id as tenant_id, e.type_id as type_id, g.id as grant_id, p.permission_id as permission_id from entity e "
        + "left join entity_grant g on g.entity_id = e.id and g.to_user = false and g.recipient_id = @recipient "
        + "left join entity_grant_permission p on p.entity_id = g.entity_id and p.to_user = g.to_user and p.recipient_id = g.recipient_id ";

    private volatile ConcurrentDictionary<Guid, KnownSecret> _young = new();
    private volatile ConcurrentDictionary<Guid, KnownSecret> _old = new();

    /// <summary>
    /// The entity with this client id and secret; null for an unknown client id and for a wrong secret, compared in the same time.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store is away, or the secret cannot be opened with this master key.</exception>
    public async Task<EntityClient?> Authenticate(string clientId, string secret, CancellationToken stop = default)
    {
        var known = await Find(clientId, stop).ConfigureAwait(false);
        var right = CryptographicOperations.FixedTimeEquals(Hash(secret), known?.SecretHash ?? NoSecret);
        return right ? known?.Client : null;
    }

    /// <summary>The entities of these ids, with what <paramref name="recipientEntityId"/> was granted on each; those that do not exist are left out.</summary>
    public async Task<IReadOnlyList<GrantedTarget>> Granted(Guid recipientEntityId, IReadOnlyCollection<Guid> targetIds, CancellationToken stop = default)
    {
        var rows = targetIds.Count == 1
            ? await store.Query(TargetColumns + "where e.id = @target", Read, stop, ("recipient", recipientEntityId), ("target", targetIds.First())).ConfigureAwait(false)
            : await store.Query(TargetColumns + "where e.id in @targets", Read, stop, ("recipient", recipientEntityId), ("targets", targetIds.ToArray())).ConfigureAwait(false);
        return
        [
            .. rows.GroupBy(row => row.Id).Select(of => new GrantedTarget(
                of.Key, of.First().TenantId, of.First().TypeId, of.First().HasGrant ? [.. of.Select(row => row.Permission).OfType<Guid>()] : null)),
        ];
    }

    private async Task<KnownSecret?> Find(string clientId, CancellationToken stop)
    {
        var rows = await store.Query(
            "select id, stamp from entity where client_id = @client", row => (Id: row.Guid("id"), Stamp: row.Guid("stamp")), stop,
            ("client", EntityKeys.NormaliseClientId(clientId))).ConfigureAwait(false);
        if (rows.Count == 0) return null;
        var (id, stamp) = rows[0];
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

    private static (Guid Id, Guid TenantId, Guid TypeId, bool HasGrant, Guid? Permission) Read(IRow row) =>
        (row.Guid("id"), row.Guid("tenant_id"), row.Guid("type_id"), row.NullableGuid("grant_id") is not null, row.NullableGuid("permission_id"));

    /// <param name="SecretHash">SHA-256: memory holds no secret, and all compare in the same time.</param>
    private sealed record KnownSecret(EntityClient Client, Guid Stamp, byte[] SecretHash);
}
