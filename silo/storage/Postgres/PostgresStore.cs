using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrleansAuth.Storage;

/// <summary>The store of a cluster: a PostgreSQL database that all its processes share.</summary>
internal sealed class PostgresStore : IStore, IDisposable
{
    // Two groups under way keep the server busy while one waits for its disk.
    private const int Writers = 2;

    // More would leave less to send together; a batch of lookups is soon answered.
    private const int Readers = 2;

    private readonly NpgsqlDataSource _source;
    private readonly string _place;
    private readonly ConfigurationNotice _notice;
    private readonly PostgresQueue _queue;
    private readonly PostgresReads _reads;
    private readonly PostgresListener _listener;
    private int _closed;

    private PostgresStore(NpgsqlDataSource source, NpgsqlConnectionStringBuilder settings, long version, ILogger log)
    {
        _source = source;
        _place = PlaceOf(settings);
        _notice = new ConfigurationNotice(log);
        _notice.StartAt(version);
        _queue = new PostgresQueue(new PostgresWriter(source, _place, _notice).Write, Writers);
        _reads = new PostgresReads(
            work => Run(async connection =>
            {
                await work(connection).ConfigureAwait(false);
                return true;
            }, CancellationToken.None),
            Readers);
        _listener = new PostgresListener(settings, _notice, log);
    }

    public event Action<string>? Queued;

    public event Action<long>? ConfigurationChanged
    {
        add => _notice.Changed += value;
        remove => _notice.Changed -= value;
    }

    /// <exception cref="StoreUnavailableException">The database cannot be used; the message says why and what to do.</exception>
    public static async Task<PostgresStore> Open(string connectionString, ILogger log, CancellationToken stop)
    {
        var settings = Settings(connectionString);
        var source = NpgsqlDataSource.Create(settings);
        try
        {
            await PostgresSchema.Upgrade(source, PlaceOf(settings), stop).ConfigureAwait(false);
            await using var command = source.CreateCommand("select version from configuration_version");
            var version = (long)(await command.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
            return new PostgresStore(source, settings, version, log);
        }
        catch (Exception reason)
        {
            await source.DisposeAsync().ConfigureAwait(false);
            if (PostgresFault.Explain(reason, PlaceOf(settings)) is StoreUnavailableException told && told != reason)
                throw told;
            throw;
        }
    }

    public Task<CommitResult> Apply(Commit commit, CancellationToken stop = default) => StoreMetrics.Observe(Write, commit, stop);

    private Task<CommitResult> Write(Commit commit, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return Task.FromCanceled<CommitResult>(stop);
        return commit.Queues is { } queues ? ApplyAndTell(commit, queues, stop) : _queue.Submit(commit, stop);
    }

    private async Task<CommitResult> ApplyAndTell(Commit commit, IEnumerable<string> queues, CancellationToken stop)
    {
        var result = await _queue.Submit(commit, stop).ConfigureAwait(false);
        if (result is CommitResult.Committed)
            foreach (var queue in queues)
                Queued?.Invoke(queue);
        return result;
    }

    public async Task<int> PurgeTenant(Guid tenantId, int limit, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var (removed, version) = await Run(connection => PostgresPurge.Run(connection, tenantId, limit, stop), stop).ConfigureAwait(false);
        _notice.Raise(version);
        return removed;
    }

    public async Task<StoredState?> Read(StateKey key, CancellationToken stop = default) => !key.IsStorable ? null : First(await Lookup(
        "select version, body from state where kind = @kind and id = @id",
        row => new StoredState(row.Long("version"), row.Bytes("body")), stop, ("kind", key.Kind), ("id", key.Id)).ConfigureAwait(false));

    public async Task<string?> FindOwner(ClaimKey claim, CancellationToken stop = default) => !claim.IsStorable ? null : First(await Lookup(
        "select owner from claim where scope = @scope and name = @name",
        row => row.Text("owner"), stop, ("scope", claim.Scope), ("name", claim.Name)).ConfigureAwait(false));

    public Task<IReadOnlyList<T>> Query<T>(
        string sql, Func<IRow, T> map, CancellationToken stop = default, params (string Name, object? Value)[] parameters) =>
        Run<IReadOnlyList<T>>(async connection =>
        {
            await using var command = new NpgsqlCommand { Connection = connection };
            command.CommandText = PostgresQuery.Prepare(sql, parameters, command.Parameters);
            return await All(command, map, stop).ConfigureAwait(false);
        }, stop);

    public Task<IReadOnlyList<T>> Lookup<T>(
        string sql, Func<IRow, T> map, CancellationToken stop = default, params (string Name, object? Value)[] parameters) =>
        stop.IsCancellationRequested ? Task.FromCanceled<IReadOnlyList<T>>(stop) : _reads.Submit(sql, map, parameters, stop).WaitAsync(stop);

    public async Task<long> ConfigurationVersion(CancellationToken stop = default) =>
        (await Query("select version from configuration_version", row => row.Long("version"), stop).ConfigureAwait(false))[0];

    public Task<ConfigurationChanges> ConfigurationSince(long since, CancellationToken stop = default) => Run(async connection =>
    {
        await using var command = new NpgsqlCommand(ConfigurationRows.Sql('$'), connection);
        command.Parameters.Add(PostgresQuery.Typed(ColumnType.Long, since));
        return ConfigurationRows.Collect(await All(command, ConfigurationRows.Map, stop).ConfigureAwait(false));
    }, stop);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        await _queue.Close().ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            settings.ApplicationName ??= "OrleansAuth";
            settings.IncludeErrorDetail = false; // details hold values
            if (settings.MaxAutoPrepare == 0)
                settings.MaxAutoPrepare = 256;
            if (string.IsNullOrEmpty(settings.Host))
                throw new ArgumentException("no host");
            return settings;
        }
        catch (Exception reason) when (reason is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            // The reason may quote the text, and with it the password.
            throw new StoreUnavailableException(
                "Storage:ConnectionString cannot be understood. Write it like 'Host=localhost;Database=orleansauth;Username=orleansauth;Password=…'.");
        }
    }

    private static string PlaceOf(NpgsqlConnectionStringBuilder settings) => $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";

    private static T? First<T>(IReadOnlyList<T> rows) where T : class => rows.Count == 0 ? null : rows[0];

    private static async Task<List<T>> All<T>(NpgsqlCommand command, Func<IRow, T> map, CancellationToken stop)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        var row = new PostgresRow(reader);
        while (await reader.ReadAsync(stop).ConfigureAwait(false))
            rows.Add(map(row));
        return rows;
    }

    // Nothing is stored by a try that fails before its commit; after a lost connection or a clash one more is made.
    private async Task<T> Run<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken stop)
    {
        for (var again = false; ; again = true)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(stop).ConfigureAwait(false);
                return await work(connection).ConfigureAwait(false);
            }
            catch (Exception reason) when (!again && (PostgresFault.IsLostConnection(reason) || PostgresFault.IsClash(reason)))
            {
                if (PostgresFault.IsLostConnection(reason))
                    _source.Clear();
            }
            catch (Exception reason) when (PostgresFault.Explain(reason, _place) is StoreUnavailableException told && told != reason)
            {
                throw told;
            }
        }
    }
}
