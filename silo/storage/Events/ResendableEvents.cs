namespace OrleansAuth.Storage.Events;

/// <summary>Which stored events a webhook can be told again.</summary>
/// <param name="WebhookId">Whose attempts and waiting entries count.</param>
/// <param name="Tenants">Events of these tenants; null for all. Those of the server itself belong to no tenant.</param>
/// <param name="Types">Only these types.</param>
public sealed record ResendCriteria(Guid WebhookId, Guid[]? Tenants, string[] Types)
{
    /// <summary>Whether events of the server itself count too.</summary>
    public bool WithSystem { get; init; }

    /// <summary>Only this event.</summary>
    public Guid? EventId { get; init; }

    /// <summary>From this instant on, milliseconds since 1970.</summary>
    public long Start { get; init; }

    /// <summary>Before this instant.</summary>
    public long End { get; init; } = long.MaxValue;

    /// <summary>Behind this number.</summary>
    public long After { get; init; }

    /// <summary>Only what the webhook has never taken.</summary>
    public bool OnlyFailed { get; init; }

    public int Limit { get; init; } = 1;
}

/// <summary>An event that can be told again.</summary>
/// <param name="Sequence">Its place among all events.</param>
/// <param name="ParkedEntry">The entry of the outbox that was given up; null where there is none.</param>
public sealed record ResendableEvent(Guid Id, long Sequence, Guid? TenantId, string Subject, Guid? ParkedEntry);

/// <summary>
/// Finds events that a webhook can be told again: those that happened, of what it covers, unless the webhook waits for them anyway.
/// </summary>
public sealed class ResendableEvents(IStoreReader store)
{
    /// <summary>Oldest first.</summary>
    public Task<IReadOnlyList<ResendableEvent>> Find(ResendCriteria wanted, CancellationToken stop = default)
    {
        var (tenants, one) = (wanted.Tenants is null ? "" : wanted.WithSystem ? "and (e.tenant_id is null or e.tenant_id in @tenants) " : "and e.tenant_id in @tenants ", wanted.EventId is null ? "" : "and e.id = @event ");
        var parameters = new List<(string, object?)>
        {
            ("queue", EventCommit.QueueOf(wanted.WebhookId)), ("types", wanted.Types), ("start", wanted.Start), ("end", wanted.End),
            ("after", wanted.After), ("limit", (long)wanted.Limit),
        };
        if (wanted.Tenants is not null) parameters.Add(("tenants", wanted.Tenants));
        if (wanted.EventId is not null) parameters.Add(("event", wanted.EventId));
        if (wanted.OnlyFailed) parameters.Add(("webhook", wanted.WebhookId));
        return store.Query(
            "select e.id, e.seq, e.tenant_id, e.subject, "
            + "(select p.id from outbox p where p.event_id = e.id and p.queue = @queue and p.parked_instant is not null limit 1) as parked_entry "
            + $"from webhook_event e where e.seq > @after and e.insert_instant >= @start and e.insert_instant < @end and e.result = 'Succeeded' and e.type in @types {tenants}{one}"
            + "and not exists (select 1 from outbox o where o.event_id = e.id and o.queue = @queue and o.parked_instant is null) "
            + (wanted.OnlyFailed ? "and not exists (select 1 from webhook_attempt a where a.event_id = e.id and a.webhook_id = @webhook and a.result = 'Success') " : "")
            + "order by e.seq limit @limit",
            row => new ResendableEvent(row.Guid("id"), row.Long("seq"), row.NullableGuid("tenant_id"), row.Text("subject"), row.NullableGuid("parked_entry")),
            stop, [.. parameters]);
    }
}
