using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Operations;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Audit;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Sessions;

namespace OrleansAuth.Hosting;

/// <summary>
/// Takes out of the logs what the system's configuration does not want kept, some hundred entries with each commit, so that nobody waits
/// for it long. Several silos may sweep at once: an entry goes once.
/// </summary>
internal sealed class LogSweeper(IStore store, ConfigurationReader configuration, ExpiredLogs expired, Clock clock, ILogger<LogSweeper> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private const int AtOnce = 500;

    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _timer;
    private int _sweeping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = clock.Time.CreateTimer(_ => SweepQuietly(), null, Period, Period);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Sweeps until nothing is left that has to go.</summary>
    public async Task Sweep(CancellationToken stop = default)
    {
        var settings = configuration.Current.Find<SystemConfiguration>(SystemConfiguration.TheOne)!;
        await Remove(settings.AuditLogConfiguration.Delete, Tables.AuditLog, stop).ConfigureAwait(false);
        await Remove(settings.LoginRecordConfiguration.Delete, Tables.LoginRecord, stop).ConfigureAwait(false);
        await Remove(() => expired.Behind(Tables.EventLog, settings.EventLogConfiguration.NumberToRetain, AtOnce, stop), stop).ConfigureAwait(false);
        await Remove(() => expired.Before(Tables.LoginFailure, Ago(LoginFailures.Kept), AtOnce, stop), stop).ConfigureAwait(false);
        await Remove(() => expired.Behind(Tables.LoginFailure, LoginFailures.MostKept, AtOnce, stop), stop).ConfigureAwait(false);
        await SweepEvents(settings.WebhookEventLogConfiguration, stop).ConfigureAwait(false);
    }

    private async Task SweepEvents(WebhookEventLogConfiguration settings, CancellationToken stop)
    {
        if (settings is { Enabled: true, Delete.Enabled: false }) return;
        // Where no log is wanted, an event goes once nothing waits for its delivery.
        var before = settings.Enabled ? Ago(TimeSpan.FromDays(settings.Delete.NumberOfDaysToRetain)) : clock.Now;
        var place = LogPlace.Beginning;
        await Remove(async () =>
        {
            (var commit, place) = await expired.Events(place, before, AtOnce, stop).ConfigureAwait(false);
            return commit;
        }, stop).ConfigureAwait(false);
    }

    private Task Remove(DeleteConfiguration settings, Table table, CancellationToken stop) => !settings.Enabled
        ? Task.CompletedTask
        : Remove(() => expired.Before(table, Ago(TimeSpan.FromDays(settings.NumberOfDaysToRetain)), AtOnce, stop), stop);

    private async Task Remove(Func<Task<Commit?>> find, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await find().ConfigureAwait(false) is { } commit) await store.Apply(commit, stop).ConfigureAwait(false);
    }

    private long Ago(TimeSpan time) => clock.Now - (long)time.TotalMilliseconds;

    private async void SweepQuietly()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0) return;
        try
        {
            await Sweep(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception error)
        {
            log.LogWarning(error, "Old entries of the logs could not be removed; the next round tries again.");
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }
}
