namespace OrleansAuth.Storage.Outbox;

/// <summary>An entry as it is stored.</summary>
/// <param name="Attempts">How many deliveries have failed.</param>
/// <param name="Queued">When it was committed, milliseconds since 1970.</param>
public sealed record OutboxRow(Guid Id, string Subject, Guid? TenantId, int Attempts, byte[] Body, long Queued)
{
    /// <summary>The event that is to be delivered; null where there is none, or it is gone.</summary>
    public QueuedEvent? Event { get; init; }

    /// <summary>Where it stands among all that may be delivered.</summary>
    public OutboxPlace Place { get; init; }
}

/// <summary>A place in a queue: entries are in the order in which they fall due, and then in that of their commits.</summary>
public readonly record struct OutboxPlace(long Due, long Sequence)
{
    /// <summary>Before every entry.</summary>
    public static readonly OutboxPlace Start = new(long.MinValue, 0);
}

/// <summary>An event on its way.</summary>
/// <param name="Body">As <see cref="Events.StoredEvent.Body"/>, in UTF-8: most bodies go out as they lie here.</param>
public sealed record QueuedEvent(Guid Id, string Type, byte[] Body);

/// <summary>An entry that was given up, for those who look after the server.</summary>
/// <param name="Parked">When, in milliseconds since 1970.</param>
/// <param name="Fault">Why, in a sentence.</param>
public sealed record ParkedRow(Guid Id, string Subject, Guid? TenantId, int Attempts, long Queued, long Parked, string Fault);

/// <summary>Reads the outbox.</summary>
public sealed class OutboxReader(IStoreReader store)
{
    /// <summary>
    /// What may be delivered now: of each subject the first entry, if it is due; longest due first. The entries behind a
    /// first one that waits are passed over one by one, so a subject should not hold tens of thousands.
    /// </summary>
    /// <param name="behind">Only what stands behind this place.</param>
    public Task<IReadOnlyList<OutboxRow>> Due(string queue, long now, OutboxPlace behind, int limit, CancellationToken stop = default) => store.Query(
        "select o.id, o.seq, o.due, o.subject, o.tenant_id, o.attempts, o.body, o.insert_instant, e.id as event_id, e.type as event_type, e.body as event_body "
        + "from outbox o left join webhook_event e on e.id = o.event_id "
        + "where o.queue = @queue and o.parked_instant is null and o.due <= @now and (o.due, o.seq) > (@due, @seq) and not exists ("
        + "select 1 from outbox p where p.queue = o.queue and p.subject = o.subject and p.parked_instant is null and p.seq < o.seq) "
        + "order by o.due, o.seq limit @limit",
        row => new OutboxRow(row.Guid("id"), row.Text("subject"), row.NullableGuid("tenant_id"), (int)row.Long("attempts"), row.Bytes("body"), row.Long("insert_instant"))
        {
            Event = row.NullableGuid("event_id") is { } told ? new QueuedEvent(told, row.Text("event_type"), row.Bytes("event_body")) : null,
            Place = new OutboxPlace(row.Long("due"), row.Long("seq")),
        },
        stop, ("queue", queue), ("now", now), ("due", behind.Due), ("seq", behind.Sequence), ("limit", (long)limit));

    /// <summary>When the next entry after now falls due, or null.</summary>
    public async Task<long?> NextDue(string queue, long now, CancellationToken stop = default) => (await store.Query(
        "select min(due) as due from outbox where queue = @queue and parked_instant is null and due > @now",
        row => row.NullableLong("due"), stop, ("queue", queue), ("now", now)).ConfigureAwait(false))[0];

    /// <summary>Entries that were given up, youngest first.</summary>
    public Task<IReadOnlyList<ParkedRow>> Parked(string queue, int limit, CancellationToken stop = default) => store.Query(
        "select id, subject, tenant_id, attempts, insert_instant, parked_instant, fault from outbox "
        + "where queue = @queue and parked_instant is not null order by parked_instant desc, seq desc limit @limit",
        row => new ParkedRow(
            row.Guid("id"), row.Text("subject"), row.NullableGuid("tenant_id"), (int)row.Long("attempts"), row.Long("insert_instant"),
            row.Long("parked_instant"), row.Text("fault")),
        stop, ("queue", queue), ("limit", (long)limit));

    /// <summary>Whether an entry of the queue was given up.</summary>
    public async Task<bool> IsParked(string queue, Guid id, CancellationToken stop = default) => (await store.Query(
        "select 1 as found from outbox where id = @id and queue = @queue and parked_instant is not null",
        row => row.Long("found"), stop, ("id", id), ("queue", queue)).ConfigureAwait(false)).Count > 0;

    /// <summary>Ids of entries that were given up before an instant, of all queues.</summary>
    public Task<IReadOnlyList<Guid>> ParkedBefore(long instant, int limit, CancellationToken stop = default) => store.Query(
        "select id from outbox where parked_instant < @instant limit @limit",
        row => row.Guid("id"), stop, ("instant", instant), ("limit", (long)limit));

    /// <summary>The queues that have something to deliver now. Goes from name to name, however much each holds.</summary>
    public Task<IReadOnlyList<string>> Waiting(long now, CancellationToken stop = default) => store.Query(
        "with recursive names(queue) as (select min(queue) from outbox where parked_instant is null union all "
        + "select (select min(o.queue) from outbox o where o.parked_instant is null and o.queue > names.queue) from names where names.queue is not null) "
        + "select names.queue as queue from names where names.queue is not null "
        + "and exists (select 1 from outbox o where o.queue = names.queue and o.parked_instant is null and o.due <= @now)",
        row => row.Text("queue"), stop, ("now", now));
}
