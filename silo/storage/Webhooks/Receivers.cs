using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansAuth.Events;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Storage.Webhooks;

/// <summary>
/// Who receives which event: the tenant sends it, the webhook serves the tenant, and the webhook wants it. Events of the server itself
/// need no tenant. A table of the configuration snapshot, so asking costs one look-up and nothing where nobody receives anything.
/// </summary>
public sealed class Receivers
{
    private readonly FrozenDictionary<(Guid? TenantId, string Type), ImmutableArray<Webhook>> _receivers;
    private readonly FrozenSet<Guid> _tenants;

    private Receivers(FrozenDictionary<(Guid? TenantId, string Type), ImmutableArray<Webhook>> receivers) =>
        (_receivers, _tenants) = (receivers, receivers.Keys.Where(key => key.TenantId is not null).Select(key => key.TenantId!.Value).ToFrozenSet());

    /// <summary>Those of a configuration.</summary>
    public static Receivers In(ConfigurationSnapshot snapshot) => snapshot.Derive(Find);

    /// <summary>In the order of their ids; empty where nobody is to be told.</summary>
    public ImmutableArray<Webhook> Of(Guid? tenantId, string type) =>
        _receivers.Count > 0 && _receivers.TryGetValue((EventTypes.OfSystem.Contains(type) ? null : tenantId, type), out var receivers) ? receivers : [];

    /// <summary>Whether anybody receives anything of a tenant: where nobody does, nothing about its events need be thought of.</summary>
    public bool Any(Guid tenantId) => _tenants.Contains(tenantId);

    private static Receivers Find(ConfigurationSnapshot snapshot)
    {
        var webhooks = snapshot.All<Webhook>().OrderBy(webhook => webhook.Id).ToList();
        var found = new Dictionary<(Guid?, string), ImmutableArray<Webhook>>();
        if (webhooks.Count == 0) return new Receivers(found.ToFrozenDictionary());
        foreach (var type in EventTypes.OfSystem) Add(null, type);
        foreach (var tenant in snapshot.All<Tenant>())
        {
            foreach (var (type, settings) in tenant.EventConfiguration.Events)
                if (settings.Enabled && !EventTypes.OfSystem.Contains(type)) Add(tenant.Id, type);
        }

        return new Receivers(found.ToFrozenDictionary());

        void Add(Guid? tenantId, string type)
        {
            var wanted = webhooks.Where(webhook => (tenantId is null || webhook.Serves(tenantId)) && webhook.EventsEnabled.GetValueOrDefault(type)).ToImmutableArray();
            if (!wanted.IsEmpty) found[(tenantId, type)] = wanted;
        }
    }
}
