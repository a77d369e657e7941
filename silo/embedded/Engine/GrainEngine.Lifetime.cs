using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Start, idle collection and stop.</summary>
internal sealed partial class GrainEngine : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _collecting = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _collector = Task.CompletedTask;
    private volatile bool _draining;
    private volatile bool _stopped;

    /// <summary>Cancelled when the engine waits for nobody any more.</summary>
    public CancellationToken Stopped => _stop.Token;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        using (ExecutionContext.SuppressFlow()) _collector = Collect(_collecting.Token);
        return Reminders.Start(cancellationToken);
    }

    /// <summary>
    /// Lets running calls finish, with the calls they make, and ends every activation. Whatever is not through within
    /// <see cref="EmbeddedOptions.StopTimeout"/>, or when the host loses patience, is abandoned.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        Reminders.Stop();
        await _collecting.CancelAsync().ConfigureAwait(false);
        await _collector.ConfigureAwait(false);
        await Drain(cancellationToken).ConfigureAwait(false);
        _stopped = true;
        if (ActivationCount is > 0 and var left) Log.StoppedTooEarly(left);
        await _stop.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _collecting.Dispose();
        _stop.Dispose();
    }

    /// <summary>Refuses new work while the engine stops. A running call may go on calling, since it could not finish otherwise.</summary>
    /// <param name="caller">The call that the calling code belongs to.</param>
    /// <exception cref="SiloUnavailableException">The engine is stopping.</exception>
    public void Admit(Call? caller)
    {
        if (_draining && caller is not { IsRunning: true })
            throw new SiloUnavailableException("This process is stopping and takes no new calls; repeat the call on another one or later.");
    }

    /// <summary>Ends all activations that nobody has used for the collection age.</summary>
    public Task CollectIdle() => Parallel.ForEachAsync(
        Activations, (activation, _) => new ValueTask(activation.EndIfIdle(Options.CollectionAge)));

    private IEnumerable<Activation> Activations => _activations.Select(a => a.Value).Concat(_workers.SelectMany(p => p.Value.Workers));

    private async Task Collect(CancellationToken stop)
    {
        using var clock = new PeriodicTimer(Options.CollectionPeriod, Time);
        try
        {
            while (await clock.WaitForNextTickAsync(stop).ConfigureAwait(false)) await CollectIdle().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The engine stops.
        }
    }

    /// <summary>Goes round until nothing is left: a call that was still running may have woken a grain that had ended.</summary>
    private async Task Drain(CancellationToken stop)
    {
        var begun = Time.GetTimestamp();
        while (!stop.IsCancellationRequested && Activations.ToArray() is { Length: > 0 } left)
        {
            var limit = Options.StopTimeout - Time.GetElapsedTime(begun);
            if (limit <= TimeSpan.Zero) return;
            try
            {
                await Task.WhenAll(left.Select(a => a.EndBehindCalls(limit))).WaitAsync(limit, Time, stop).ConfigureAwait(false);
            }
            catch (Exception error) when (error is TimeoutException or OperationCanceledException)
            {
                return;
            }
        }
    }
}
