namespace OrleansAuth.Engine;

/// <summary>Idle collection and what else needs the clock of the embedded engine.</summary>
public sealed partial class ActivationTests
{
    [Fact]
    public async Task Calls_that_race_with_the_idle_collector_are_all_answered_and_none_is_lost()
    {
        var counter = Counter("collected");
        var calls = Task.Run(async () =>
        {
            for (var i = 0; i < 3000; i++) await counter.Add();
        });
        while (!calls.IsCompleted)
        {
            _host.Time.Advance(TimeSpan.FromMinutes(15));
            await _host.Engine.CollectIdle();
        }

        await calls.WaitAsync(Limit);
        Assert.Equal(3000, await counter.Read());
    }

    [Fact]
    public async Task Calls_that_meet_a_slow_farewell_wait_for_the_fresh_activation()
    {
        var counter = Counter("slow farewell");
        await counter.Add();
        _host.Time.Advance(TimeSpan.FromMinutes(15));
        var collecting = _host.Engine.CollectIdle();
        await _host.Witness.Next("slow farewell leaves");

        // Each waits with a limit of its own, beside the collector's timer and the farewell's limit. A call that went round
        // in circles instead would arm none; it runs on another thread, so as to fail this test and not hang it.
        var peek = Task.Run(async () => await counter.Peek());
        var read = counter.Read();
        Assert.True(SpinWait.SpinUntil(() => _host.Time.ArmedTimers == 4, Limit));
        Assert.False(read.IsCompleted || peek.IsCompleted);
        _host.Witness.Open("farewell gate");
        Assert.Equal(1, await read.WaitAsync(Limit));
        Assert.Equal(1, await peek.WaitAsync(Limit));
        await collecting.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_failed_activation_fails_its_call_and_the_next_one_starts_afresh()
    {
        _host.Witness.FailNextCommit["fragile"] = true;
        var fragile = _host.Grains.GetGrain<IFragileGrain>("fragile");
        await Assert.ThrowsAsync<CommitRefusedException>(fragile.Touch);
        Assert.Equal("fragile", await _host.Witness.Next("disposed"));
        Assert.Equal(1, _host.Time.ArmedTimers);
        await fragile.Touch().WaitAsync(Limit);
    }

    [Fact]
    public async Task An_idle_grain_is_collected_and_one_in_use_is_not()
    {
        await using var host = await EngineHost.Start(configure: o => o.CollectionPeriod = TimeSpan.FromMinutes(1));
        var idle = host.Grains.GetGrain<ICounterGrain>("idle");
        var used = host.Grains.GetGrain<ICounterGrain>("used");
        await Task.WhenAll(idle.Add(), used.Add());
        host.Time.Advance(TimeSpan.FromMinutes(10));
        await used.Add();
        var holding = host.Grains.GetGrain<ICounterGrain>("held").Hold("collect gate");
        host.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("ActivationIdle", await host.Witness.Next("idle ended"));
        host.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("ActivationIdle", await host.Witness.Next("used ended"));

        Assert.Equal(0, host.Witness.Count("held ended"));
        host.Witness.Open("collect gate");
        await holding.WaitAsync(Limit);
        Assert.Equal(1, await idle.Read());
    }

    [Fact]
    public async Task A_grain_that_asked_for_it_is_kept_longer()
    {
        var kept = Counter("kept");
        await kept.Keep(TimeSpan.FromMinutes(40));
        await Counter("kept for ever").Keep(TimeSpan.MaxValue);
        _host.Time.Advance(TimeSpan.FromMinutes(39));
        await _host.Engine.CollectIdle();
        Assert.Equal(2, _host.Engine.ActivationCount);
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.Engine.CollectIdle();
        Assert.Equal(1, _host.Engine.ActivationCount);

        await Counter("kept for ever").Keep(TimeSpan.FromSeconds(-1));
        _host.Time.Advance(TimeSpan.FromMinutes(15));
        await _host.Engine.CollectIdle();
        Assert.Equal(0, _host.Engine.ActivationCount);
    }

    [Fact]
    public async Task A_hundred_thousand_idle_grains_are_collected()
    {
        for (var i = 0; i < 100_000; i++) await Counter($"many{i}").AddQuickly(1);
        Assert.Equal(100_000, _host.Engine.ActivationCount);
        await _host.Engine.CollectIdle();
        Assert.Equal(100_000, _host.Engine.ActivationCount);

        _host.Time.Advance(TimeSpan.FromMinutes(15));
        await Counter("many7").AddQuickly(1);
        await _host.Engine.CollectIdle().WaitAsync(Limit);
        Assert.Equal(1, _host.Engine.ActivationCount);
        Assert.Equal(1, await Counter("many8").Read());
    }
}
