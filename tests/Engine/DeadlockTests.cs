namespace OrleansAuth.Engine;

public sealed class DeadlockTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private EngineHost _host = null!;

    public async Task InitializeAsync() => _host = await EngineHost.Start();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_chain_that_comes_back_is_refused_at_once_and_told_in_the_message()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Chain("a").Pass(["b", "a", "c"]).WaitAsync(Limit));
        Assert.Contains("ChainGrain/a.Pass -> ChainGrain/b.Pass -> ChainGrain/a.Pass", refusal.Message);
        Assert.Equal("end at b", await Chain("a").Pass(["b"]).WaitAsync(Limit));
    }

    [Fact]
    public async Task A_grain_that_calls_itself_is_refused()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Chain("self").Pass(["self"]).WaitAsync(Limit));
    }

    [Fact]
    public async Task A_chain_may_come_back_through_an_interleaving_method()
    {
        Assert.Equal("answer of x", await Chain("x").AskBack("y").WaitAsync(Limit));
    }

    [Fact]
    public async Task Crossed_chains_end_by_the_bounded_wait()
    {
        var first = Chain("x1").Cross("cross gate", "x2");
        var second = Chain("x2").Cross("cross gate", "x1");
        await _host.Witness.Next("crossing", 2);
        _host.Witness.Open("cross gate");

        // Both inner calls have armed their limit once two timers beside the collector's are there.
        while (_host.Time.ArmedTimers < 3) await Task.Yield();
        Assert.False(first.IsCompleted || second.IsCompleted);
        _host.Time.Advance(TimeSpan.FromSeconds(30));
        var outcomes = await Task.WhenAll(new[] { first, second }.Select(c => c.ContinueWith(t => t.Exception?.InnerException, TaskScheduler.Default))).WaitAsync(Limit);
        Assert.Contains(outcomes, o => o is TimeoutException);
        Assert.All(outcomes, o => Assert.True(o is null or TimeoutException));
        Assert.Equal("end at x1", await Chain("x1").Pass([]).WaitAsync(Limit));
    }

    [Fact]
    public async Task A_call_that_outlives_its_caller_may_come_back_to_it()
    {
        await Chain("f1").Forget("forget gate", ["f2", "f1"]);
        _host.Witness.Open("forget gate");
        Assert.Equal("end at f1", await _host.Witness.Next("forgotten"));
    }

    [Fact]
    public async Task A_one_way_call_may_come_back_since_nobody_waits_for_it()
    {
        await Chain("n1").Notify("n2").WaitAsync(Limit);
        Assert.Equal("n2 heard: end at n1", await _host.Witness.Next("notified"));
    }

    private IChainGrain Chain(string key) => _host.Grains.GetGrain<IChainGrain>(key);
}
