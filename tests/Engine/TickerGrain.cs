namespace OrleansAuth.Engine;

/// <summary>Has a timer whose ticks write the same field as its calls.</summary>
[Alias("test.ticker")]
public interface ITickerGrain : IGrainWithStringKey
{
    [Alias("start")] Task Start(TimeSpan due, TimeSpan period, bool keepAlive);

    [Alias("change")] Task Change(TimeSpan due, TimeSpan period);

    [Alias("hold")] Task Hold(string gate);

    [Alias("ticks")] Task<int> Ticks();

    [Alias("end")] Task End();

    [Alias("fail-on-tick")] Task FailOnTick(int tick);

    /// <summary>Uses the timer service after leaving the turn.</summary>
    [Alias("start-outside")] Task StartOutside();

    [Alias("start-in-task-run")] Task StartInTaskRun();

    /// <summary>Whether the code is on the grain's own scheduler: at the start, after an await, and in a continuation.</summary>
    [Alias("where")] Task<string> WhereCodeRuns();
}

internal sealed class TickerGrain(Witness witness) : Grain, ITickerGrain
{
    private IGrainTimer? _timer;
    private bool _inside;
    private int _ticks;
    private int _failOn;

    private string Key => this.GetPrimaryKeyString();

    public Task Start(TimeSpan due, TimeSpan period, bool keepAlive)
    {
        _timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(due, period) { KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public async Task Hold(string gate)
    {
        _inside = true;
        witness.Tell($"{Key} holds", gate);
        await witness.Wait(gate);
        _inside = false;
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task FailOnTick(int tick)
    {
        _failOn = tick;
        return Task.CompletedTask;
    }

    public async Task StartOutside()
    {
#pragma warning disable ORLEANS0014 // Leaves the turn on purpose.
        await Task.Run(() => { }).ConfigureAwait(false);
#pragma warning restore ORLEANS0014
        await Start(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), keepAlive: false);
    }

    public Task StartInTaskRun() => Task.Run(() => Start(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), keepAlive: false));

    public async Task<string> WhereCodeRuns()
    {
        var own = TaskScheduler.Current;
        await Task.Run(() => { });
        var afterAwait = TaskScheduler.Current == own;
        var inContinuation = await Task.CompletedTask.ContinueWith(_ => TaskScheduler.Current == own, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
        return $"own {own != TaskScheduler.Default}, after await {afterAwait}, in continuation {inContinuation}";
    }

    private async Task Tick(CancellationToken stop)
    {
        witness.Tell($"{Key} ticks", _inside ? "overlapping" : "alone");
        _inside = true;
        await Task.Yield();
        _inside = false;
        if (++_ticks == _failOn) throw new InvalidOperationException("This tick fails.");
    }
}
