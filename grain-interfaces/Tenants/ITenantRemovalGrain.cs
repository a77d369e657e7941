using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Tenants;

/// <summary>
/// Takes a tenant out with everything in it: users, applications, groups, sessions, logs. The work is done in steps that
/// can be repeated, and a reminder brings it to an end whatever happens to the process meanwhile.
/// </summary>
[Alias("tenant-removal")]
public interface ITenantRemovalGrain : IGrainWithStringKey
{
    /// <summary>
    /// Removes the tenant. It stops serving at once; the answer comes when all of it is gone, or right away for
    /// <see cref="RemoveTenant.Later"/>.
    /// </summary>
    [Alias("remove")]
    Task<Outcome<ConfigurationView>> Remove(RemoveTenant command);
}

/// <param name="Later">True: mark the tenant as pending delete and do the work behind the answer.</param>
[GenerateSerializer, Immutable, Alias("tenant.remove.v1")]
public sealed record RemoveTenant(bool Later, Actor Actor);

/// <summary>How grains that remove tenants are found.</summary>
public static class TenantRemovalGrainKeys
{
    /// <summary>The only place that knows how the key is written.</summary>
    public static ITenantRemovalGrain TenantRemoval(this IGrainFactory grains, Guid tenantId) =>
        grains.GetGrain<ITenantRemovalGrain>(tenantId.ToString("N"));
}
