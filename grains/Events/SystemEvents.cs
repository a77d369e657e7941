using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Webhooks;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>
/// Events of the server itself: told to whoever wants them, whatever tenants configure, and prevented by nobody. What nobody receives costs
/// one look-up.
/// </summary>
internal sealed class SystemEvents(ConfigurationReader configuration)
{
    /// <summary>Puts an event into the commit of what it tells.</summary>
    /// <param name="id">The event's own, an <see cref="OrderedId"/>, so that a repeated commit tells one event; it happened when that was made. It is its subject too: no two wait for each other.</param>
    /// <param name="tenantId">Whose matter it is: webhooks of other tenants do not hear of it. Null for the server's, which all may hear.</param>
    /// <param name="members">What it says beside id, type, instant, tenant and info; asked only if somebody receives it.</param>
    /// <returns>Whether anybody is told.</returns>
    public bool Tell(Commit commit, string type, Guid id, Guid? tenantId, EventInfo? info, Func<JsonObject> members)
    {
        var wanted = Receivers.In(configuration.Current).Of(null, type);
        if (wanted.IsEmpty) return false;
        var receivers = wanted.Where(webhook => webhook.Serves(tenantId)).ToList();
        if (receivers.Count == 0) return false;
        var now = OrderedId.InstantOf(id);
        var told = new StoredEvent(id, tenantId, type, id.ToString("N"), null, TransactionType.None, EventResult.Succeeded, EventBody.Write(id, type, tenantId, now, info, members()));
        commit.PutEvent(told);
        foreach (var webhook in receivers) commit.Tell(WellKnown.Named($"told/{id:N}/{webhook.Id:N}"), told, webhook.Id, now);
        return true;
    }
}
