using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Hosting;

/// <summary>
/// Declares events failed that a dead process left running. It competes with whoever may still be at work on them, and the store decides:
/// a change that comes later is refused with its commit, so the event and the change never tell different things. Several silos may look
/// at the same time.
/// </summary>
internal sealed class TransactionRecovery(IStore store, TransactionDesk desk, Clock clock, ILogger<TransactionRecovery> log) : IHostedService, IDisposable
{
    /// <summary>Longer than any transaction with its commit, and than clocks of silos differ.</summary>
    public static readonly TimeSpan LeftBehind = TimeSpan.FromSeconds(60);

    /// <summary>How long a decision stays, for those who come late; its result stays with the event.</summary>
    private static readonly TimeSpan DecisionsStay = TimeSpan.FromHours(1);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private const int AtOnce = 200;

    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _timer;
    private int _recovering;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = clock.Time.CreateTimer(_ => RecoverQuietly(), null, TimeSpan.Zero, Period);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>One round.</summary>
    /// <returns>How many events this round declared failed.</returns>
    public async Task<int> Recover(CancellationToken stop = default)
    {
        var failed = 0;
        for (var found = AtOnce; found == AtOnce && !stop.IsCancellationRequested;)
        {
            var left = await EventTransactions.RunningSince(store, clock.Now - (long)LeftBehind.TotalMilliseconds, AtOnce, stop).ConfigureAwait(false);
            var decided = await Task.WhenAll(left.Select(running => desk.Recover(running.Id, running.TenantId))).ConfigureAwait(false);
            found = left.Count;
            failed += decided.Count(mine => mine);
        }

        return failed;
    }

    /// <summary>Takes decisions away that nobody can ask for any more.</summary>
    public async Task Forget(CancellationToken stop = default)
    {
        for (var found = AtOnce; found == AtOnce && !stop.IsCancellationRequested;)
        {
            var outlived = await EventTransactions.Outlived(store, clock.Now - (long)DecisionsStay.TotalMilliseconds, AtOnce, stop).ConfigureAwait(false);
            await Task.WhenAll(outlived.Select(commit => store.Apply(commit, stop))).ConfigureAwait(false);
            found = outlived.Count;
        }
    }

    private async void RecoverQuietly()
    {
        if (Interlocked.Exchange(ref _recovering, 1) != 0) return;
        try
        {
            if (await Recover(_stopping.Token).ConfigureAwait(false) is > 0 and var failed)
                log.LogWarning("{Count} events that receivers were being asked about were left behind; they are declared failed, and their changes did not happen.", failed);
            await Forget(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception error)
        {
            log.LogWarning(error, "Events that were left behind could not be looked through; the next round tries again.");
        }
        finally
        {
            Volatile.Write(ref _recovering, 0);
        }
    }
}
