namespace OrleansAuth.Storage.Audit;

/// <summary>An entry of the audit log. <c>OldValue</c>, <c>NewValue</c> and <c>Data</c> are JSON.</summary>
/// <param name="Number">What the API calls its id.</param>
/// <param name="Instant">Milliseconds since 1970.</param>
public sealed record AuditEntry(
    Guid Id, long Number, string? InsertUser, string? Message, string? Reason, string? OldValue, string? NewValue, string? Data, Guid? TenantId, long Instant);

/// <summary>Which entries of the audit log to find; null members do not matter. Texts may hold <c>*</c> and match anywhere without one.</summary>
/// <param name="Start">From this instant on, milliseconds since 1970.</param>
/// <param name="End">Up to this instant, excluded.</param>
public sealed record AuditCriteria(Guid? TenantId = null, long? Start = null, long? End = null)
{
    public string? User { get; init; }
    public string? Message { get; init; }
    public string? Reason { get; init; }
    public string? OldValue { get; init; }
    public string? NewValue { get; init; }
}

/// <summary>Reads the audit log.</summary>
public sealed class AuditLogReader(IStoreReader store)
{
    private const string Columns =
        "w.id as id, w.seq as seq, w.insert_user as insert_user, w.message as message, w.reason as reason, w.old_value as old_value, w.new_value as new_value, w.data as data, "
        + "w.tenant_id as tenant_id, w.instant as instant";

    /// <summary>The columns that pages can be sorted by.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Orders = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["insertInstant"] = null,
        ["id"] = null,
        ["insertUser"] = "insert_user",
        ["message"] = "message",
    };

    /// <summary>The entry of that number, or null.</summary>
    public Task<AuditEntry?> Find(long number, CancellationToken stop = default) =>
        LogQuery.One(store.Lookup($"select {Columns} from audit_log w where w.seq = @seq", Read, stop, ("seq", number)));

    /// <summary>The entry that was written under that id, or null.</summary>
    public Task<AuditEntry?> Find(Guid id, CancellationToken stop = default) =>
        LogQuery.One(store.Lookup($"select {Columns} from audit_log w where w.id = @id", Read, stop, ("id", id)));

    public Task<LogPage<AuditEntry>> Search(AuditCriteria criteria, LogPaging paging, CancellationToken stop = default) => Query(criteria).Page(store, Columns, Read, paging, stop);

    /// <summary>What matches after a place, oldest first.</summary>
    public Task<IReadOnlyList<AuditEntry>> After(AuditCriteria criteria, LogPlace place, int limit, CancellationToken stop = default) =>
        Query(criteria).After(store, Columns, Read, place, limit, stop);

    /// <summary>The newest places up to one, not before an instant.</summary>
    public Task<IReadOnlyList<LogPlace>> UpTo(Guid? tenantId, LogPlace place, long from, int limit, CancellationToken stop = default) =>
        Query(new AuditCriteria(tenantId)).UpTo(store, place, from, limit, stop);

    public Task<IReadOnlyList<AuditEntry>> Named(Guid[] ids, CancellationToken stop = default) => Query(new AuditCriteria()).Named(store, Columns, Read, ids, stop);

    private static LogQuery Query(AuditCriteria criteria) => new LogQuery("audit_log", "instant")
        .Where("tenant_id = @tenant", "tenant", criteria.TenantId).Between(criteria.Start, criteria.End)
        .Like("insert_user", "user", criteria.User).Like("message", "message", criteria.Message).Like("reason", "reason", criteria.Reason)
        .Like("old_value", "old", criteria.OldValue).Like("new_value", "new", criteria.NewValue);

    private static AuditEntry Read(IRow row) => new(
        row.Guid("id"), row.Long("seq"), row.NullableText("insert_user"), row.NullableText("message"), row.NullableText("reason"), row.NullableText("old_value"),
        row.NullableText("new_value"), row.NullableText("data"), row.NullableGuid("tenant_id"), row.Long("instant"));
}
