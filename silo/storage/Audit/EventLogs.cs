namespace OrleansAuth.Storage.Audit;

/// <summary>What the server reported about itself.</summary>
/// <param name="Number">What the API calls its id.</param>
/// <param name="Type">Debug, Error or Information.</param>
/// <param name="Instant">Milliseconds since 1970.</param>
public sealed record EventLogEntry(Guid Id, long Number, string Type, string? Message, long Instant);

/// <summary>Which entries of the event log to find; null members do not matter. The message may hold <c>*</c> and matches anywhere without one.</summary>
/// <param name="Start">From this instant on, milliseconds since 1970.</param>
/// <param name="End">Up to this instant, excluded.</param>
public sealed record EventLogCriteria(string? Type = null, string? Message = null, long? Start = null, long? End = null);

/// <summary>Reads the event log, which is the server's own and belongs to no tenant.</summary>
public sealed class EventLogReader(IStoreReader store)
{
    private const string Columns = "w.id as id, w.seq as seq, w.type as type, w.message as message, w.instant as instant";

    /// <summary>The columns that pages can be sorted by.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Orders = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["insertInstant"] = null,
        ["id"] = null,
        ["type"] = "type",
        ["message"] = "message",
    };

    /// <summary>The entry of that number, or null.</summary>
    public Task<EventLogEntry?> Find(long number, CancellationToken stop = default) =>
        LogQuery.One(store.Lookup($"select {Columns} from event_log w where w.seq = @seq", Read, stop, ("seq", number)));

    public Task<LogPage<EventLogEntry>> Search(EventLogCriteria criteria, LogPaging paging, CancellationToken stop = default) => Query(criteria).Page(store, Columns, Read, paging, stop);

    /// <summary>What matches after a place, oldest first.</summary>
    public Task<IReadOnlyList<EventLogEntry>> After(EventLogCriteria criteria, LogPlace place, int limit, CancellationToken stop = default) =>
        Query(criteria).After(store, Columns, Read, place, limit, stop);

    /// <summary>The newest places up to one, not before an instant.</summary>
    public Task<IReadOnlyList<LogPlace>> UpTo(LogPlace place, long from, int limit, CancellationToken stop = default) =>
        Query(new EventLogCriteria()).UpTo(store, place, from, limit, stop);

    public Task<IReadOnlyList<EventLogEntry>> Named(Guid[] ids, CancellationToken stop = default) => Query(new EventLogCriteria()).Named(store, Columns, Read, ids, stop);

    private static LogQuery Query(EventLogCriteria criteria) => new LogQuery("event_log", "instant")
        .Where("type = @type", "type", criteria.Type).Between(criteria.Start, criteria.End).Like("message", "message", criteria.Message);

    private static EventLogEntry Read(IRow row) => new(row.Guid("id"), row.Long("seq"), row.Text("type"), row.NullableText("message"), row.Long("instant"));
}
