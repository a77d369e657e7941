namespace OrleansAuth.Engine;

/// <summary>Orleans ends such chains too, by its response timeout; the embedded engine sees them at once.</summary>
public sealed partial class DeadlockTests
{
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
}
