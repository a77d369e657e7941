using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// A timer of one activation. Only one tick exists at a time: the clock is armed again when the tick has ended, so a slow
/// grain gets no backlog of ticks.
/// </summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly bool _keepAlive;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _clock;
    private TimeSpan _due;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;
    private bool _stopped;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        (_activation, _callback, _due, _period, _keepAlive) = (activation, callback, options.DueTime, options.Period, options.KeepAlive);

        // A tick belongs to no call: neither the request context nor the chain of the call that made the timer may cling to it.
        using var bare = ExecutionContext.SuppressFlow();
        _clock = activation.Engine.Time.CreateTimer(
            static t => _ = ((GrainTimer)t!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() => _clock.Change(_due, Timeout.InfiniteTimeSpan);

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            (_due, _period, _changed) = (dueTime, period, true);
            if (!_ticking && !_stopped) Start();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped) return;
            _stopped = true;
            _clock.Dispose();
        }

        _activation.Remove(this);

        // Outside the lock, since it runs whatever the callback has registered on the token.
        _stop.Cancel();
    }

    private async Task Tick()
    {
        lock (_gate)
        {
            if (_ticking || _stopped) return;
            (_ticking, _changed) = (true, false);
        }

        try
        {
            // False: the activation has ended, and this timer with it.
            if (!await _activation.Run(new TickCall(this)).ConfigureAwait(false)) return;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            _activation.Engine.Log.TimerFailed(error, _activation.GrainId);
        }

        lock (_gate)
        {
            _ticking = false;
            if (!_stopped) _clock.Change(_changed ? _due : _period, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class TickCall(GrainTimer timer) : Call
    {
        public override string Name => "timer";

        public override bool IsPatient => true;

        public override bool KeepsAlive => timer._keepAlive;

        protected override Task Invoke(Grain grain) =>
            timer._stop.IsCancellationRequested ? Task.CompletedTask : timer._callback(timer._stop.Token);
    }
}
