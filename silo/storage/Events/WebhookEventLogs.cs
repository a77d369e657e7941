using OrleansAuth.Events;
using OrleansAuth.Storage.Audit;

namespace OrleansAuth.Storage.Events;

/// <summary>An event that somebody was to be told, as those who run the server see it.</summary>
/// <param name="Body">What was sent, as JSON or sealed; see <see cref="EventBodies"/>.</param>
/// <param name="Result">
/// That of the transaction. Where there was none: Running while a delivery waits, Failed where one was given up, else Succeeded.
/// </param>
/// <param name="Instant">Milliseconds since 1970, as all instants here.</param>
public sealed record EventLogRow(
    Guid Id, long Sequence, Guid? TenantId, string Type, Guid? LinkedObjectId, string Result, string Body, long Instant, long LastUpdateInstant);

/// <summary>One attempt to deliver an event.</summary>
/// <param name="Result">Success, Failure or Unknown.</param>
/// <param name="Answer">The beginning of what the receiver answered.</param>
/// <param name="Exception">Why there was no answer.</param>
public sealed record AttemptRow(
    Guid Id, Guid EventId, Guid WebhookId, Guid? TenantId, string Result, string? Url, long? Status, string? Exception, string? Answer, long Start, long End);

/// <summary>How often an event was tried to be delivered.</summary>
public sealed record AttemptCount(Guid EventId, long Succeeded, long Failed, long Last);

/// <summary>Which events to find; null members do not matter. The text may hold <c>*</c> and matches anywhere without one; sealed events match none.</summary>
/// <param name="Start">From this instant on, milliseconds since 1970.</param>
/// <param name="End">Up to this instant, excluded.</param>
public sealed record WebhookEventCriteria(Guid? TenantId = null, string? Type = null, string? Result = null, string? Text = null, long? Start = null, long? End = null);

/// <summary>Reads which events there were, and how they were delivered.</summary>
public sealed class WebhookEventReader(IStoreReader store)
{
    private const string Columns =
        $"w.id as id, w.seq as seq, w.tenant_id as tenant_id, w.type as type, w.linked_object_id as linked_object_id, {Result} as result, w.body as body, "
        + "w.insert_instant as insert_instant, w.last_update_instant as last_update_instant";

    private const string Result =
        "case when w.transaction_type <> 'None' then w.result "
        + "when exists (select 1 from outbox o where o.event_id = w.id and o.parked_instant is null) then 'Running' "
        + "when exists (select 1 from outbox o where o.event_id = w.id) then 'Failed' else w.result end";

    private const string AttemptColumns =
        "w.id as id, w.event_id as event_id, w.webhook_id as webhook_id, w.tenant_id as tenant_id, w.result as result, w.url as url, w.status as status, "
        + "w.exception as exception, w.answer as answer, w.start_instant as start_instant, w.end_instant as end_instant";

    /// <summary>The columns that pages can be sorted by.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Orders = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["insertInstant"] = null,
        ["sequence"] = null,
        ["eventType"] = "type",
        ["linkedObjectId"] = "linked_object_id",
        ["lastUpdateInstant"] = "last_update_instant",
        ["id"] = "id",
    };

    /// <summary>The event, or null.</summary>
    public Task<EventLogRow?> Find(Guid id, CancellationToken stop = default) =>
        LogQuery.One(store.Lookup($"select {Columns} from webhook_event w where w.id = @id", Read, stop, ("id", id)));

    public Task<LogPage<EventLogRow>> Search(WebhookEventCriteria criteria, LogPaging paging, CancellationToken stop = default) => Query(criteria).Page(store, Columns, Read, paging, stop);

    /// <summary>What matches after a place, oldest first.</summary>
    public Task<IReadOnlyList<EventLogRow>> After(WebhookEventCriteria criteria, LogPlace place, int limit, CancellationToken stop = default) =>
        Query(criteria).After(store, Columns, Read, place, limit, stop);

    /// <summary>One attempt, or null.</summary>
    public Task<AttemptRow?> FindAttempt(Guid id, CancellationToken stop = default) =>
        LogQuery.One(store.Lookup($"select {AttemptColumns} from webhook_attempt w where w.id = @id", ReadAttempt, stop, ("id", id)));

    /// <summary>The latest attempts of an event, oldest first.</summary>
    public async Task<IReadOnlyList<AttemptRow>> Attempts(Guid eventId, int limit, CancellationToken stop = default) => [.. (await store.Query(
        $"select {AttemptColumns} from webhook_attempt w where w.event_id = @event order by w.start_instant desc, w.id desc limit @limit", ReadAttempt, stop,
        ("event", eventId), ("limit", (long)limit)).ConfigureAwait(false)).Reverse()];

    /// <summary>The attempts of each event that had any, counted.</summary>
    public async Task<IReadOnlyDictionary<Guid, AttemptCount>> Count(Guid[] eventIds, CancellationToken stop = default) => (await store.Query(
        "select event_id, sum(case when result = 'Success' then 1 else 0 end) as succeeded, sum(case when result = 'Failure' then 1 else 0 end) as failed, max(end_instant) as last "
        + "from webhook_attempt where event_id in @ids group by event_id",
        row => new AttemptCount(row.Guid("event_id"), row.Long("succeeded"), row.Long("failed"), row.Long("last")), stop, ("ids", eventIds)).ConfigureAwait(false))
        .ToDictionary(count => count.EventId);

    /// <summary>Attempts that ended after a place, in the order of their ends.</summary>
    public Task<IReadOnlyList<AttemptRow>> AttemptsAfter(Guid? tenantId, LogPlace place, int limit, CancellationToken stop = default) =>
        AttemptQuery(tenantId).After(store, AttemptColumns, ReadAttempt, place, limit, stop);

    /// <summary>The newest places up to one, not before an instant.</summary>
    public Task<IReadOnlyList<LogPlace>> AttemptsUpTo(Guid? tenantId, LogPlace place, long from, int limit, CancellationToken stop = default) =>
        AttemptQuery(tenantId).UpTo(store, place, from, limit, stop);

    public Task<IReadOnlyList<AttemptRow>> AttemptsNamed(Guid[] ids, CancellationToken stop = default) => AttemptQuery(null).Named(store, AttemptColumns, ReadAttempt, ids, stop);

    private static LogQuery AttemptQuery(Guid? tenantId) => new LogQuery("webhook_attempt", "end_instant", byId: true).Where("tenant_id = @tenant", "tenant", tenantId);

    /// <summary>Types of which there are so many that an index would cost more than it saves: they are looked for. The index of types leaves them out by these very words.</summary>
    private static readonly string[] Frequent = [EventTypes.UserLoginSuccess, EventTypes.UserLoginFailed, EventTypes.JwtRefresh];
    internal static readonly string IsRare = string.Join(" and ", Frequent.Select(type => $"type <> '{type}'"));

    /// <summary>Of tenant and type, one is answered by an index; the other one is looked for.</summary>
    private static LogQuery Query(WebhookEventCriteria criteria)
    {
        var query = new LogQuery("webhook_event", "insert_instant", byId: true).Where("tenant_id = @tenant", "tenant", criteria.TenantId).Between(criteria.Start, criteria.End);
        var hasIndex = criteria.TenantId is null && !Frequent.Contains(criteria.Type);
        query = hasIndex ? query.Where($"type = @type and {IsRare}", "type", criteria.Type) : query.Look("w.type = @type", "type", criteria.Type);
        query = query.Look($"{Result} = @result", "result", criteria.Result);
        return query.Look("w.body like '{%' and lower(w.body) like @text escape '\\'", "text", LogPattern.From(criteria.Text));
    }

    private static EventLogRow Read(IRow row) => new(
        row.Guid("id"), row.Long("seq"), row.NullableGuid("tenant_id"), row.Text("type"), row.NullableGuid("linked_object_id"), row.Text("result"), row.Text("body"),
        row.Long("insert_instant"), row.Long("last_update_instant"));

    private static AttemptRow ReadAttempt(IRow row) => new(
        row.Guid("id"), row.Guid("event_id"), row.Guid("webhook_id"), row.NullableGuid("tenant_id"), row.Text("result"), row.NullableText("url"), row.NullableLong("status"),
        row.NullableText("exception"), row.NullableText("answer"), row.Long("start_instant"), row.Long("end_instant"));
}
