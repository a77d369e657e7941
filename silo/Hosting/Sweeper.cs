using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Identifiers;
using OrleansAuth.Storage.Sessions;

namespace OrleansAuth.Hosting;

/// <summary>
/// Takes rows away that nobody can use any more: identifiers and sessions past their end, and what revocations left of
/// sessions. Nothing depends on it, since every read checks the end itself; it only keeps the store small. Several silos may
/// sweep at once: a row goes once.
/// </summary>
internal sealed class Sweeper(IStore store, Clock clock, ILogger<Sweeper> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>How long a session stays after its end: settings that lengthen lifetimes bring it back for a day.</summary>
    private static readonly TimeSpan SessionsStay = TimeSpan.FromDays(1);

    private const int AtOnce = 500;

    /// <summary>So many states of sessions are looked at in one round, whether somebody still lists them.</summary>
    private const int LookedAt = 20_000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly OrphanedSessions _orphans = new(store);
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

    /// <summary>Sweeps until nothing is left that may go.</summary>
    /// <returns>How many identifiers and sessions went.</returns>
    public async Task<int> Sweep(CancellationToken stop = default)
    {
        var removed = 0;
        for (var found = AtOnce; found == AtOnce && !stop.IsCancellationRequested;)
        {
            var now = clock.Now;
            var commits = new List<Commit>();
            commits.AddRange(await ExpiredIdentifiers.Find(store, now, AtOnce, stop).ConfigureAwait(false));
            if (commits.Count < AtOnce) commits.AddRange(await ExpiredSessions.Find(store, now - (long)SessionsStay.TotalMilliseconds, AtOnce - commits.Count, stop).ConfigureAwait(false));
            found = commits.Count;
            var results = await Task.WhenAll(commits.Select(commit => store.Apply(commit, stop))).ConfigureAwait(false);
            var gone = results.Count(result => result is CommitResult.Committed);
            removed += gone;
            // All refused: whoever holds them is at work on them; the next round sees.
            if (gone == 0) break;
        }

        return removed + await SweepOrphans(stop).ConfigureAwait(false);
    }

    private async Task<int> SweepOrphans(CancellationToken stop)
    {
        var (removed, isRound) = (0, false);
        for (var looked = 0; looked < LookedAt && !isRound && !stop.IsCancellationRequested; looked += AtOnce)
        {
            (isRound, var commits) = await _orphans.Next(AtOnce, stop).ConfigureAwait(false);
            var results = await Task.WhenAll(commits.Select(commit => store.Apply(commit, stop))).ConfigureAwait(false);
            removed += results.Count(result => result is CommitResult.Committed);
        }

        return removed;
    }

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
            log.LogWarning(error, "Expired rows could not be swept away; the next round tries again.");
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }
}
