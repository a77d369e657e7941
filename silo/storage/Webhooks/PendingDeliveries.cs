using OrleansAuth.Storage.Events;

namespace OrleansAuth.Storage.Webhooks;

/// <summary>An event that a webhook has not been told yet, or that was given up.</summary>
/// <param name="Attempts">How many have failed.</param>
/// <param name="Queued">When it was committed; instants are milliseconds since 1970.</param>
/// <param name="Due">When it is tried next, unless the receiver is left alone or an earlier event of its subject waits.</param>
/// <param name="Parked">When it was given up; null where it waits.</param>
/// <param name="Fault">Why the last attempt failed.</param>
public sealed record PendingDelivery(Guid EventId, string Type, string Subject, Guid? TenantId, int Attempts, long Queued, long Due, long? Parked, string? Fault);

/// <summary>Reads what webhooks have not been told.</summary>
public sealed class PendingDeliveries(IStoreReader store)
{
    private const string Columns = "select o.event_id, e.type, o.subject, o.tenant_id, o.attempts, o.insert_instant, "
        + "case when o.due > 0 then o.due else coalesce(o.not_before, o.insert_instant) end as due, o.parked_instant, o.fault ";
    private const string From = "from outbox o join webhook_event e on e.id = o.event_id where o.queue = @queue ";

    /// <summary>A page, oldest first, and how many there are.</summary>
    /// <param name="tenantId">Those of this tenant; null for all.</param>
    public async Task<(IReadOnlyList<PendingDelivery> Page, long Total)> Find(Guid webhookId, Guid? tenantId, bool parked, int start, int limit, CancellationToken stop = default)
    {
        var where = From + (parked ? "and o.parked_instant is not null " : "and o.parked_instant is null ") + (tenantId is null ? "" : "and o.tenant_id = @tenant ");
        List<(string, object?)> parameters = [("queue", EventCommit.QueueOf(webhookId))];
        if (tenantId is not null) parameters.Add(("tenant", tenantId));
        var total = (await store.Query("select count(*) as found " + where, row => row.Long("found"), stop, [.. parameters]).ConfigureAwait(false))[0];
        var page = await store.Query(
            Columns + where + "order by o.seq limit @limit offset @start",
            row => new PendingDelivery(
                row.Guid("event_id"), row.Text("type"), row.Text("subject"), row.NullableGuid("tenant_id"), (int)row.Long("attempts"), row.Long("insert_instant"),
                row.Long("due"), row.NullableLong("parked_instant"), row.NullableText("fault")),
            stop, [.. parameters, ("limit", (long)limit), ("start", (long)start)]).ConfigureAwait(false);
        return (page, total);
    }
}
