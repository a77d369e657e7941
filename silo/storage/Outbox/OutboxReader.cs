namespace OrleansAuth.Storage.Outbox;

/// <summary>An entry as it is stored.</summary>
/// <param name="Attempts">How many deliveries have failed.</param>
/// <param name="Queued">When it was committed, milliseconds since 1970.</param>
public sealed record OutboxRow(Guid Id, string Subject, Guid? TenantId, int Attempts, byte[] Body, long Queued)
{
    /// <summary>The event that is to be delivered; null where there is none, or it is gone.</summary>
    public QueuedEvent? Event { get; init; }

    /// <summary>Its number: entries of a queue are in the order of their commits.</summary>
    public long Sequence { get; init; }

    /// <summary>It has been put off, and holds up what is behind it of its subject.</summary>
    public bool IsPutOff { get; init; }

    /// <summary>Where its first delivery is to wait although it was never put off: not before this instant, milliseconds since 1970.</summary>
    public long? NotBefore { get; init; }
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
    private const string Columns =
        "select o.id, o.seq, o.due, o.not_before, o.subject, o.tenant_id, o.attempts, o.body, o.insert_instant, e.id as event_id, e.type as event_type, e.body as event_body "
        + "from outbox o left join webhook_event e on e.id = o.event_id where o.queue = @queue and o.parked_instant is null ";

    /// <summary>Nothing of the subject that was put off stands before it. Only those are found by their subject: all others stand in one order, which needs no index of its own.</summary>
    private const string IsFirst =
        "and not exists (select 1 from outbox p where p.queue = o.queue and p.subject = o.subject and p.parked_instant is null and p.due > 0 and p.seq < o.seq) ";

    /// <summary>What had been put off and is due: of each subject the first, longest due first.</summary>
    public Task<IReadOnlyList<OutboxRow>> Due(string queue, long now, int limit, CancellationToken stop = default) => store.Query(
        Columns + "and o.due > 0 and o.due <= @now " + IsFirst + "order by o.due, o.seq limit @limit",
        Row, stop, ("queue", queue), ("now", now), ("limit", (long)limit));

    /// <summary>
    /// What was never put off, in the order of commits, unless something of its subject stands before it that was: of a subject not the first
    /// alone, so whoever delivers keeps their order. What waits is passed over one by one, so a subject should not hold tens of thousands.
    /// </summary>
    /// <param name="behind">Only what has a larger number.</param>
    /// <param name="without">Nothing of these subjects.</param>
    public Task<IReadOnlyList<OutboxRow>> Fresh(string queue, long behind, string[] without, int limit, CancellationToken stop = default) => store.Query(
        Columns + "and o.due = 0 and o.seq > @seq " + (without.Length == 0 ? "" : "and not (o.subject in @without) ") + IsFirst + "order by o.seq limit @limit",
        Row, stop, ("queue", queue), ("seq", behind), ("without", without), ("limit", (long)limit));

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

    private static OutboxRow Row(IRow row) =>
        new(row.Guid("id"), row.Text("subject"), row.NullableGuid("tenant_id"), (int)row.Long("attempts"), row.Bytes("body"), row.Long("insert_instant"))
        {
            Event = row.NullableGuid("event_id") is { } told ? new QueuedEvent(told, row.Text("event_type"), row.Bytes("event_body")) : null,
            Sequence = row.Long("seq"),
            IsPutOff = row.Long("due") > 0,
            NotBefore = row.NullableLong("not_before"),
        };
}
