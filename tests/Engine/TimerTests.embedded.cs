namespace OrleansAuth.Engine;

public sealed class TimerTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private EngineHost _host = null!;

    public async Task InitializeAsync() => _host = await EngineHost.Start();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_tick_waits_for_the_running_call_however_long_it_takes()
    {
        var ticker = Ticker("waits");
        await ticker.Start(Second, Second, keepAlive: false);
        var holding = ticker.Hold("tick gate");
        await _host.Witness.Next("waits holds");
        _host.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, _host.Witness.Count("waits ticks"));

        _host.Witness.Open("tick gate");
        await holding.WaitAsync(Limit);
        Assert.Equal("alone", await _host.Witness.Next("waits ticks"));
        Assert.Equal(1, await ticker.Ticks());
    }

    [Fact]
    public async Task Ticks_and_calls_never_overlap()
    {
        // The time runs much faster than the calls, which therefore wait "long".
        await using var host = await EngineHost.Start(configure: o => o.ResponseTimeout = TimeSpan.FromDays(40));
        var ticker = host.Grains.GetGrain<ITickerGrain>("mixed");
        await ticker.Start(Second, Second, keepAlive: true);
        var calls = Task.Run(async () =>
        {
            for (var i = 0; i < 500 || host.Witness.Count("mixed ticks") < 20; i++)
            {
                var gate = $"mixed {i}";
                var holding = ticker.Hold(gate);
                host.Witness.Open(gate);
                await holding;
            }
        });
        using var patience = new CancellationTokenSource(Limit);
        while (!calls.IsCompleted && !patience.IsCancellationRequested)
        {
            host.Time.Advance(Second);
            await Task.Yield();
        }

        await calls.WaitAsync(Limit);
        var ticks = await ticker.Ticks();
        Assert.True(ticks > 0);
        Assert.All(await host.Witness.Next("mixed ticks", ticks), how => Assert.Equal("alone", how));
    }

    [Fact]
    public async Task A_timer_stops_with_its_activation()
    {
        var ticker = Ticker("ends");
        var before = _host.Time.ArmedTimers;
        await ticker.Start(Second, Second, keepAlive: false);
        Assert.Equal(before + 1, _host.Time.ArmedTimers);
        await ticker.End();
        Assert.Equal(0, await ticker.Ticks());
        Assert.Equal(before, _host.Time.ArmedTimers);
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _host.Witness.Count("ends ticks"));
    }

    [Fact]
    public async Task A_tick_that_waits_when_the_activation_ends_does_not_come()
    {
        var ticker = Ticker("too late");
        await ticker.Start(Second, Second, keepAlive: false);
        var holding = ticker.Hold("late tick gate");
        await _host.Witness.Next("too late holds");
        var ending = ticker.End();
        _host.Time.Advance(Second);
        _host.Witness.Open("late tick gate");
        await Task.WhenAll(holding, ending).WaitAsync(Limit);
        Assert.Equal(0, await ticker.Ticks().WaitAsync(Limit));
        Assert.Equal(0, _host.Witness.Count("too late ticks"));
    }

    [Fact]
    public async Task A_tick_that_throws_does_not_stop_the_timer()
    {
        var ticker = Ticker("throws");
        await ticker.FailOnTick(1);
        await ticker.Start(Second, Second, keepAlive: false);
        for (var i = 0; i < 3; i++)
        {
            await _host.Time.TimerDueWithin(Second).WaitAsync(Limit);
            _host.Time.Advance(Second);
            await _host.Witness.Next("throws ticks");
        }

        Assert.Equal(3, await ticker.Ticks());
    }

    [Fact]
    public async Task A_timer_with_an_endless_period_ticks_once_and_can_be_set_again()
    {
        var ticker = Ticker("once");
        await ticker.Start(Second, Timeout.InfiniteTimeSpan, keepAlive: false);
        _host.Time.Advance(Second);
        await _host.Witness.Next("once ticks");
        Assert.Equal(1, await ticker.Ticks());
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await ticker.Ticks());

        await ticker.Change(Second * 5, Timeout.InfiniteTimeSpan);
        await _host.Time.TimerDueWithin(Second * 5).WaitAsync(Limit);
        _host.Time.Advance(Second * 5);
        await _host.Witness.Next("once ticks");
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Ticks_keep_a_grain_in_memory_only_if_they_are_meant_to(bool keepAlive, int left)
    {
        var ticker = Ticker("alive");
        await ticker.Start(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10), keepAlive);
        _host.Time.Advance(TimeSpan.FromMinutes(10));
        await _host.Witness.Next("alive ticks");

        // The tick has ended once the timer is armed for the next one.
        await _host.Time.TimerDueWithin(TimeSpan.FromMinutes(10)).WaitAsync(Limit);
        _host.Time.Advance(TimeSpan.FromMinutes(6));
        await _host.Engine.CollectIdle();
        Assert.Equal(left, _host.Engine.ActivationCount);
    }

    private ITickerGrain Ticker(string key) => _host.Grains.GetGrain<ITickerGrain>(key);
}
