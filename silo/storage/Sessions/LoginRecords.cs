using OrleansAuth.Storage.Audit;

namespace OrleansAuth.Storage.Sessions;

/// <summary>One login that succeeded.</summary>
/// <param name="Instant">Milliseconds since 1970.</param>
public sealed record LoginRecord(Guid UserId, Guid? ApplicationId, string? LoginId, string? IpAddress, long Instant)
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }
}

/// <summary>Which login records to read; null members do not matter.</summary>
/// <param name="Start">From this instant on, milliseconds since 1970.</param>
/// <param name="End">Up to this instant, excluded.</param>
public sealed record LoginRecordCriteria(Guid? TenantId, Guid? ApplicationId, Guid? UserId, long? Start, long? End)
{
    public int StartRow { get; init; }

    public int NumberOfResults { get; init; } = 25;

    /// <summary>Oldest first instead of newest first.</summary>
    public bool Ascending { get; init; }
}

/// <summary>Reads the journal of successful logins.</summary>
public sealed class LoginRecordReader(IStoreReader store)
{
    private const string Columns =
        "w.id as id, w.tenant_id as tenant_id, w.user_id as user_id, w.application_id as application_id, w.login_id as login_id, w.ip_address as ip_address, w.instant as instant";

    private static readonly LoginRecordCriteria All = new(null, null, null, null, null);

    public Task<IReadOnlyList<LoginRecord>> Search(LoginRecordCriteria criteria, CancellationToken stop = default)
    {
        var order = criteria.Ascending ? "asc" : "desc";
        var (where, parameters) = Conditions(criteria);
        return store.Query(
            $"select user_id, application_id, login_id, ip_address, instant from login_record{where} order by instant {order}, id {order} limit @count offset @start",
            row => new LoginRecord(row.Guid("user_id"), row.NullableGuid("application_id"), row.NullableText("login_id"), row.NullableText("ip_address"), row.Long("instant")),
            stop,
            [.. parameters, ("count", (long)criteria.NumberOfResults), ("start", (long)criteria.StartRow)]);
    }

    /// <summary>How many there are in all.</summary>
    public async Task<long> Count(LoginRecordCriteria criteria, CancellationToken stop = default)
    {
        var (where, parameters) = Conditions(criteria);
        var rows = await store.Query($"select count(*) as total from login_record{where}", row => row.Long("total"), stop, [.. parameters]).ConfigureAwait(false);
        return rows[0];
    }

    /// <summary>What matches after a place, oldest first.</summary>
    public Task<IReadOnlyList<LoginRecord>> After(LoginRecordCriteria criteria, LogPlace place, int limit, CancellationToken stop = default) =>
        Query(criteria).After(store, Columns, Read, place, limit, stop);

    /// <summary>The newest places up to one, not before an instant.</summary>
    public Task<IReadOnlyList<LogPlace>> UpTo(Guid? tenantId, LogPlace place, long from, int limit, CancellationToken stop = default) =>
        Query(All with { TenantId = tenantId }).UpTo(store, place, from, limit, stop);

    public Task<IReadOnlyList<LoginRecord>> Named(Guid[] ids, CancellationToken stop = default) => Query(All).Named(store, Columns, Read, ids, stop);

    private static LogQuery Query(LoginRecordCriteria criteria) => new LogQuery("login_record", "instant", "id")
        .Where("tenant_id = @tenant", "tenant", criteria.TenantId).Where("application_id = @application", "application", criteria.ApplicationId)
        .Where("user_id = @user", "user", criteria.UserId).Between(criteria.Start, criteria.End);

    private static LoginRecord Read(IRow row) => new(row.Guid("user_id"), row.NullableGuid("application_id"), row.NullableText("login_id"), row.NullableText("ip_address"), row.Long("instant"))
    {
        Id = row.Guid("id"),
        TenantId = row.Guid("tenant_id"),
    };

    private static (string Where, List<(string, object?)> Parameters) Conditions(LoginRecordCriteria criteria)
    {
        (string Condition, string Name, object? Value)[] all =
        [
            ("tenant_id = @tenant", "tenant", criteria.TenantId),
            ("application_id = @application", "application", criteria.ApplicationId),
            ("user_id = @user", "user", criteria.UserId),
            ("instant >= @from", "from", criteria.Start),
            ("instant < @until", "until", criteria.End),
        ];
        var used = all.Where(c => c.Value is not null).ToList();
        return (used.Count == 0 ? "" : " where " + string.Join(" and ", used.Select(c => c.Condition)), [.. used.Select(c => (c.Name, c.Value))]);
    }
}
