using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Keys;

/// <summary>
/// The event <c>jwt.public-key.update</c>: tokens of some applications are verified with other public keys from now on. A key never
/// changes its halves here, so that comes of settings which choose another key, those of the application or of its tenant.
/// </summary>
internal static class PublicKeyChange
{
    public static void Raise(Application current, Application next, RuleContext context, OperationEvents events)
    {
        if (context.Snapshot.Find<Tenant>(next.TenantId) is { } tenant) Raise([(next.Id, Of(current, tenant, context.Snapshot), Of(next, tenant, context.Snapshot))], events);
    }

    public static void Raise(Tenant current, Tenant next, RuleContext context, OperationEvents events)
    {
        if (Equals(current.JwtConfiguration.AccessTokenKeyId, next.JwtConfiguration.AccessTokenKeyId) && Equals(current.JwtConfiguration.IdTokenKeyId, next.JwtConfiguration.IdTokenKeyId)) return;
        var snapshot = context.Snapshot;
        Raise(snapshot.All<Application>().Where(a => a.TenantId == next.Id).Select(a => (a.Id, Of(a, current, snapshot), Of(a, next, snapshot))), events);
    }

    private static void Raise(IEnumerable<(Guid Id, HashSet<Guid> Before, HashSet<Guid> After)> applications, OperationEvents events)
    {
        var changed = applications.Where(a => !a.Before.SetEquals(a.After)).Select(a => a.Id).Order().ToList();
        if (changed.Count > 0) events.Add(EventTypes.JwtPublicKeyUpdate, () => new JsonObject { ["applicationIds"] = new JsonArray([.. changed.Select(id => (JsonNode)id)]) });
    }

    /// <summary>The keys with a public half that sign tokens of an application; what a shared secret signs, nobody verifies with a published key.</summary>
    private static HashSet<Guid> Of(Application application, Tenant tenant, ConfigurationSnapshot snapshot)
    {
        var (own, all) = (application.JwtConfiguration, tenant.JwtConfiguration);
        var inForce = own.Enabled ? own : all;
        var access = inForce.AccessTokenKeyId ?? all.AccessTokenKeyId;
        Guid?[] ids = [access, inForce.IdTokenKeyId ?? all.IdTokenKeyId ?? access];
        return [.. ids.Select(id => snapshot.Find<Key>(id)).OfType<Key>().Where(key => key.PublicKey is not null || key.Certificate is not null).Select(key => key.Id)];
    }
}
