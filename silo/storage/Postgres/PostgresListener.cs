using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OrleansAuth.Storage;

/// <summary>
/// Hears of configuration commits of other processes, over one connection of its own. After each (re)connection it reads
/// the version, so nothing that happened in between is missed.
/// </summary>
internal sealed class PostgresListener : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _connectionString;
    private readonly ConfigurationNotice _notice;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public PostgresListener(NpgsqlConnectionStringBuilder settings, ConfigurationNotice notice, ILogger log)
    {
        // A connection that only waits would not notice a dead peer.
        _connectionString = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false, KeepAlive = 10, MaxAutoPrepare = 0 }.ConnectionString;
        (_notice, _log) = (notice, log);
        using (ExecutionContext.SuppressFlow())
            _running = Task.Run(Run);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Listen(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception reason) when (reason is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
            {
                _log.LogWarning("Change notices from PostgreSQL are interrupted ({Reason}); trying again, snapshots poll meanwhile", reason.GetType().Name);
            }

            await Task.Delay(Pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Listen(CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(stop).ConfigureAwait(false);
        connection.Notification += (_, notice) =>
        {
            if (long.TryParse(notice.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                _notice.Raise(version);
        };
        await using (var listen = new NpgsqlCommand($"listen {PostgresBatch.Channel}", connection))
            await listen.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
        await using (var read = new NpgsqlCommand("select version from configuration_version", connection))
            _notice.Raise((long)(await read.ExecuteScalarAsync(stop).ConfigureAwait(false))!);
        while (true)
            await connection.WaitAsync(stop).ConfigureAwait(false);
    }
}
