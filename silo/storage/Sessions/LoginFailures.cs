using OrleansAuth.Common;
using OrleansAuth.Storage.Audit;

namespace OrleansAuth.Storage.Sessions;

/// <summary>A login that failed.</summary>
/// <param name="UserId">Null where nobody has the name that was tried.</param>
/// <param name="LeftOut">So many failures of this process before it were not written down.</param>
/// <param name="Instant">Milliseconds since 1970.</param>
public sealed record LoginFailure(Guid Id, Guid TenantId, Guid? UserId, Guid? ApplicationId, string? IpAddress, long LeftOut, long Instant);

/// <summary>
/// Writes down logins that fail, in the commit that counts them: at most <see cref="MostInASecond"/> of this process in a second, so
/// that guessing passwords fills no disk; the next row says how many were left out. The row is the same whether or not anybody has the
/// name. Safe for use by many at once.
/// </summary>
public sealed class LoginFailures(Clock clock)
{
    /// <summary>More are counted and not written.</summary>
    public const int MostInASecond = 20;

    /// <summary>So many rows stay, the newest.</summary>
    public const int MostKept = 100_000;

    /// <summary>Nothing stays longer.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private long _second;
    private int _written;
    private long _leftOut;

    /// <summary>The row of a failure, or null where this second has had its rows.</summary>
    /// <param name="userId">Null where nobody has the name.</param>
    public LoginFailure? Next(Guid tenantId, Guid? userId, Guid? applicationId, string? ipAddress)
    {
        var now = clock.UtcNow;
        lock (_gate)
        {
            if (now.ToUnixTimeSeconds() is var second && second != _second) (_second, _written) = (second, 0);
            if (_written >= MostInASecond)
            {
                _leftOut++;
                return null;
            }

            _written++;
            var leftOut = _leftOut;
            _leftOut = 0;
            return new LoginFailure(Guid.CreateVersion7(now), tenantId, userId, applicationId, ipAddress, leftOut, now.ToUnixTimeMilliseconds());
        }
    }
}

/// <summary>How commits note logins that failed.</summary>
public static class LoginFailureCommit
{
    /// <summary>Adds a failure, if there is one to be written down.</summary>
    public static Commit Note(this Commit commit, LoginFailure? failure) => failure is null ? commit : commit.Upsert(
        Tables.LoginFailure,
        ("id", failure.Id), ("tenant_id", failure.TenantId), ("user_id", failure.UserId), ("application_id", failure.ApplicationId), ("ip_address", failure.IpAddress),
        ("left_out", failure.LeftOut), ("instant", failure.Instant));
}

/// <summary>Reads logins that failed.</summary>
public sealed class LoginFailureReader(IStoreReader store)
{
    private const string Columns =
        "w.id as id, w.tenant_id as tenant_id, w.user_id as user_id, w.application_id as application_id, w.ip_address as ip_address, w.left_out as left_out, w.instant as instant";

    /// <summary>What came after a place, oldest first.</summary>
    public Task<IReadOnlyList<LoginFailure>> After(Guid? tenantId, LogPlace place, int limit, CancellationToken stop = default) =>
        Query(tenantId).After(store, Columns, Read, place, limit, stop);

    /// <summary>The newest places up to one, not before an instant.</summary>
    public Task<IReadOnlyList<LogPlace>> UpTo(Guid? tenantId, LogPlace place, long from, int limit, CancellationToken stop = default) =>
        Query(tenantId).UpTo(store, place, from, limit, stop);

    public Task<IReadOnlyList<LoginFailure>> Named(Guid[] ids, CancellationToken stop = default) => Query(null).Named(store, Columns, Read, ids, stop);

    private static LogQuery Query(Guid? tenantId) => new LogQuery("login_failure", "instant", "id").Where("tenant_id = @tenant", "tenant", tenantId);

    private static LoginFailure Read(IRow row) => new(
        row.Guid("id"), row.Guid("tenant_id"), row.NullableGuid("user_id"), row.NullableGuid("application_id"), row.NullableText("ip_address"), row.Long("left_out"),
        row.Long("instant"));
}
