using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansAuth.Storage;

/// <summary>
/// The store of one machine: a SQLite file in the data folder. Reads run at once on the caller's thread, each on a
/// connection of its own, and see the last acknowledged commit.
/// </summary>
internal sealed class SqliteStore : IStore, IDisposable
{
    // As many as read at once; each keeps some 100 KB of prepared statements and a cache.
    private static readonly int MostIdleReaders = 2 * Environment.ProcessorCount;

    private readonly SqliteFolder _folder;
    private readonly SqliteWriter _writer;
    private readonly ConcurrentBag<SqliteLink> _readers = [];
    private int _idle;
    private readonly ConfigurationNotice _notice;
    private volatile bool _closed;

    private SqliteStore(SqliteFolder folder, SqliteLink writer, ILogger log)
    {
        _folder = folder;
        _writer = new SqliteWriter(writer, folder.Path);
        _notice = new ConfigurationNotice(log);
        _notice.StartAt(SqliteCommit.Version(writer));
    }

    public event Action<string>? Queued;

    public event Action<long>? ConfigurationChanged
    {
        add => _notice.Changed += value;
        remove => _notice.Changed -= value;
    }

    /// <exception cref="StoreUnavailableException">The folder cannot be used; the message says why and what to do.</exception>
    public static SqliteStore Open(string path, ILogger log)
    {
        var folder = SqliteFolder.Take(path);
        SqliteLink? writer = null;
        try
        {
            writer = SqliteLink.Writer(folder.File);
            SqliteSchema.Upgrade(writer, folder.Path);
            return new SqliteStore(folder, writer, log);
        }
        catch (Exception reason)
        {
            writer?.Dispose();
            folder.Dispose();
            if (reason is SqliteFault fault && fault.Explain(folder.Path) is StoreUnavailableException told)
                throw told;
            throw;
        }
    }

    public Task<CommitResult> Apply(Commit commit, CancellationToken stop = default) => StoreMetrics.Observe(Write, commit, stop);

    private async Task<CommitResult> Write(Commit commit, CancellationToken stop)
    {
        var result = await _writer.Submit(link => SqliteCommit.Run(link, commit), stop).ConfigureAwait(false);
        if (result is CommitResult.Committed { ConfigurationVersion: > 0 and var version })
            _notice.Raise(version);
        if (commit.Queues is { } queues && result is CommitResult.Committed)
            foreach (var queue in queues)
                Queued?.Invoke(queue);
        return result;
    }

    public async Task<int> PurgeTenant(Guid tenantId, int limit, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var (removed, version) = await _writer.Submit(link => (SqlitePurge.Run(link, tenantId, limit), true), stop).ConfigureAwait(false);
        _notice.Raise(version);
        return removed;
    }

    public Task<StoredState?> Read(StateKey key, CancellationToken stop = default) => !key.IsStorable
        ? Task.FromResult<StoredState?>(null)
        : Run(link => One(link.Prepare("select version, body from state where kind = ?1 and id = ?2").Bind(1, key.Kind).Bind(2, key.Id),
            row => new StoredState(row.Long("version"), row.Bytes("body"))), stop);

    public Task<string?> FindOwner(ClaimKey claim, CancellationToken stop = default) => !claim.IsStorable
        ? Task.FromResult<string?>(null)
        : Run(link => One(link.Prepare("select owner from claim where scope = ?1 and name = ?2").Bind(1, claim.Scope).Bind(2, claim.Name),
            row => row.Text("owner")), stop);

    public Task<IReadOnlyList<T>> Query<T>(
        string sql, Func<IRow, T> map, CancellationToken stop = default, params (string Name, object? Value)[] parameters) =>
        Run<IReadOnlyList<T>>(link => All(SqliteQuery.Prepare(link, sql, parameters), map), stop);

    /// <remarks>The way to this store costs nothing that could be shared.</remarks>
    public Task<IReadOnlyList<T>> Lookup<T>(
        string sql, Func<IRow, T> map, CancellationToken stop = default, params (string Name, object? Value)[] parameters) => Query(sql, map, stop, parameters);

    public Task<long> ConfigurationVersion(CancellationToken stop = default) => Run(SqliteCommit.Version, stop);

    public Task<ConfigurationChanges> ConfigurationSince(long since, CancellationToken stop = default) =>
        Run(link => ConfigurationRows.Collect(All(link.Prepare(ConfigurationRows.Sql('?')).Bind(1, since), ConfigurationRows.Map)), stop);

    public void Dispose()
    {
        _closed = true;
        _writer.Dispose();
        while (_readers.TryTake(out var reader))
            reader.Dispose();
        _folder.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static T? One<T>(SqliteStatement statement, Func<IRow, T> map) where T : class
    {
        try
        {
            return statement.Step() ? map(statement) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    private static List<T> All<T>(SqliteStatement statement, Func<IRow, T> map)
    {
        try
        {
            var rows = new List<T>();
            while (statement.Step())
                rows.Add(map(statement));
            return rows;
        }
        finally
        {
            statement.Reset();
        }
    }

    private Task<T> Run<T>(Func<SqliteLink, T> read, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return Task.FromCanceled<T>(stop);
        try
        {
            if (_closed)
                throw new StoreUnavailableException("The store is closed: the server is stopping.");
            var link = Rent();
            try
            {
                return Task.FromResult(read(link));
            }
            finally
            {
                Return(link);
            }
        }
        catch (SqliteFault fault)
        {
            return Task.FromException<T>(fault.Explain(_folder.Path));
        }
        catch (Exception reason)
        {
            return Task.FromException<T>(reason);
        }
    }

    private SqliteLink Rent()
    {
        if (!_readers.TryTake(out var link))
            return SqliteLink.Reader(_folder.File);
        Interlocked.Decrement(ref _idle);
        return link;
    }

    private void Return(SqliteLink link)
    {
        if (Interlocked.Increment(ref _idle) <= MostIdleReaders && !_closed)
        {
            _readers.Add(link);
            return;
        }

        Interlocked.Decrement(ref _idle);
        link.Dispose();
    }
}
