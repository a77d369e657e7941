using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.UserActions;

namespace OrleansAuth.Hosting;

/// <summary>
/// Has the end of actions noted whose time has come. Whether an action is in force is arithmetic and does not wait for this; only
/// what is to be told about the end does. The user's grain notes each end once, so several silos may look at the same time.
/// </summary>
internal sealed class ActionEnds(UserActionLogs actions, IGrainFactory grains, Clock clock, ILogger<ActionEnds> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private const int AtOnce = 200;

    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _timer;
    private int _noting;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = clock.Time.CreateTimer(_ => NoteQuietly(), null, Period, Period);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public void Dispose()
    {
        _timer?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Notes every end that is due.</summary>
    /// <returns>How many actions were looked at.</returns>
    public async Task<int> Note(CancellationToken stop = default)
    {
        var (looked, found) = (0, AtOnce);
        while (found == AtOnce && !stop.IsCancellationRequested)
        {
            var due = await actions.Due(clock.Now, AtOnce, stop).ConfigureAwait(false);
            var noted = await Task.WhenAll(due.Select(action => grains.UserActions(action.TenantId, action.UserId).End(action.Id))).ConfigureAwait(false);
            found = due.Count;
            looked += found;
            // A tenant that is not active keeps its rows: they must not keep this busy.
            if (noted.All(outcome => outcome.Refusal is not null)) break;
        }

        return looked;
    }

    private async void NoteQuietly()
    {
        if (Interlocked.Exchange(ref _noting, 1) != 0) return;
        try
        {
            await Note(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception error)
        {
            log.LogWarning(error, "The end of user actions could not be noted; the next round tries again.");
        }
        finally
        {
            Volatile.Write(ref _noting, 0);
        }
    }
}
