using Orleans.Runtime;

namespace Orleans;

/// <summary>How an activation ends, and what keeps it from ending.</summary>
internal sealed partial class Activation
{
    private readonly List<GrainTimer> _timers = [];
    private long _lastUse;
    private long _keepUntil = long.MinValue;

    /// <summary>Ends the activation with the current call, or at once when there is none.</summary>
    public void RequestEnd()
    {
        _endRequested = true;
        EndSoonIfNobodyElseWill();
    }

    /// <summary>Keeps an idle activation; saturates instead of overflowing.</summary>
    public void KeepFor(TimeSpan span)
    {
        var now = Engine.Time.GetTimestamp();
        var ticks = span.TotalSeconds * Engine.Time.TimestampFrequency;
        Volatile.Write(ref _keepUntil, ticks >= long.MaxValue - now ? long.MaxValue : now + (long)ticks);
    }

    /// <summary>Ends the activation if nobody is inside and it was last used at least <paramref name="age"/> ago.</summary>
    public async Task EndIfIdle(TimeSpan age)
    {
        if (!IsIdle(age) || !_turn.TryEnter()) return;
        try
        {
            if (!_ended && IsIdle(age)) await End(new DeactivationReason(DeactivationReasonCode.ActivationIdle, $"not used for {age}")).ConfigureAwait(false);
        }
        finally
        {
            LeaveTurn();
        }
    }

    /// <summary>Ends the activation behind the calls that wait already; false if they take longer than <paramref name="limit"/>.</summary>
    public async Task<bool> EndBehindCalls(TimeSpan limit)
    {
        if (!await _turn.Enter(limit, Engine.Time).ConfigureAwait(false)) return false;
        if (!_ended) await End(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "the process stops")).ConfigureAwait(false);
        _turn.Exit();
        return true;
    }

    public IGrainTimer AddTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        DemandTurn();
        var timer = new GrainTimer(this, callback, options);
        lock (_timers) _timers.Add(timer);
        timer.Start();
        return timer;
    }

    public void Remove(GrainTimer timer)
    {
        lock (_timers) _timers.Remove(timer);
    }

    private void Touch() => Volatile.Write(ref _lastUse, Engine.Time.GetTimestamp());

    private bool IsIdle(TimeSpan age)
    {
        var now = Engine.Time.GetTimestamp();
        return Volatile.Read(ref _beside) == 0 && now >= Volatile.Read(ref _keepUntil)
            && Engine.Time.GetElapsedTime(Volatile.Read(ref _lastUse), now) >= age;
    }

    /// <summary>
    /// The holder of the turn calls this, once. Whatever goes wrong in the grain's own code, the activation ends: the
    /// grain must not be stuck behind its own farewell.
    /// </summary>
    private async Task End(DeactivationReason reason)
    {
        try
        {
            StopTimers();
            await CloseBeside().ConfigureAwait(false);
            if (Instance is not null) await Farewell(reason).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Engine.Log.DeactivationFailed(error, GrainId);
        }
        finally
        {
            // First out of the directory, then ended: whoever sees it ended finds a fresh one there.
            Engine.Forget(this);
            _ended = true;
        }
    }

    /// <summary>Runs the grain's own last code as a call, bounded by the response timeout.</summary>
    private async Task Farewell(DeactivationReason reason)
    {
        var call = new GoodBye(reason);
        try
        {
            call.Begin(this);
            var farewell = OnScheduler(static c => ((Call)c!).Start(), call);
            if (!farewell.IsCompleted) farewell = farewell.WaitAsync(Engine.Options.ResponseTimeout, Engine.Time);
            await farewell.ConfigureAwait(false);
        }
        finally
        {
            call.End();
        }
    }

    private void StopTimers()
    {
        GrainTimer[] timers;
        lock (_timers) timers = [.. _timers];
        foreach (var timer in timers) timer.Dispose();
    }

    private sealed class GoodBye(DeactivationReason reason) : Call
    {
        public override string Name => "deactivate";

        protected override async Task Invoke(Grain grain)
        {
            try
            {
                var activation = grain.Activation;
                if (activation._active) await grain.OnDeactivateAsync(reason, activation.Engine.Stopped).ConfigureAwait(true);
            }
            finally
            {
                if (grain is IAsyncDisposable later) await later.DisposeAsync().ConfigureAwait(true);
                else (grain as IDisposable)?.Dispose();
            }
        }
    }
}
