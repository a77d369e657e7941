using OrleansAuth.Common;

namespace OrleansAuth.Entities;

/// <summary>
/// One entity of one tenant and the grants that others hold on it: every write of them passes through here, one after the
/// other. Reading is done from the store, never by a call.
/// </summary>
[Alias("entity")]
public interface IEntityGrain : IGrainWithStringKey
{
    /// <summary>Creates the entity. Refuses a taken id or client id with <c>[duplicate]</c>, an unknown type or parent with <c>[invalid]</c>.</summary>
    [Alias("create")]
    Task<Outcome<EntityView>> Create(CreateEntity command);

    /// <summary>Replaces or patches the entity. A client id or secret that a replacement leaves out stays.</summary>
    [Alias("change")]
    Task<Outcome<EntityView>> Change(ChangeEntity command);

    /// <summary>
    /// Removes the entity for good, with the grants on it and those it holds. Refused with <c>[inUse]</c> while it is the
    /// parent of others.
    /// </summary>
    [Alias("remove")]
    Task<Outcome<EntityView>> Remove(RemoveEntity command);

    /// <summary>Grants permissions on this entity, in place of those that the recipient held before.</summary>
    [Alias("grant")]
    Task<Outcome<EntityView>> Grant(GrantOnEntity command);

    /// <summary>Takes a recipient's grant away; not found where there is none.</summary>
    [Alias("revoke")]
    Task<Outcome<EntityView>> Revoke(RevokeOnEntity command);
}

/// <summary>How keys of entity grains are written and read.</summary>
public static class EntityGrainKeys
{
    /// <summary>The only place that knows how an entity's key is written.</summary>
    public static IEntityGrain Entity(this IGrainFactory grains, Guid tenantId, Guid entityId) =>
        grains.GetGrain<IEntityGrain>($"{tenantId:N}/{entityId:N}");

    /// <summary>Reads a key back; for the grain itself.</summary>
    public static (Guid TenantId, Guid EntityId) ReadKey(string key) =>
        (Guid.ParseExact(key.AsSpan(0, 32), "N"), Guid.ParseExact(key.AsSpan(33), "N"));
}
