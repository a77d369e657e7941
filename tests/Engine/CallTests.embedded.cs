namespace OrleansAuth.Engine;

/// <summary>What only the embedded engine promises about calls: a limit that tests can reach, and a refusal outside the turn.</summary>
public sealed partial class CallTests
{
    [Fact]
    public async Task A_call_without_a_turn_ends_when_the_response_timeout_is_over()
    {
        var counter = Counter("late");
        var holding = counter.Hold("late gate");
        var waiting = counter.Read();
        _host.Time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(waiting.IsCompleted);
        _host.Time.Advance(TimeSpan.FromSeconds(0.1));
        var refusal = await Assert.ThrowsAsync<TimeoutException>(() => waiting.WaitAsync(Limit));
        Assert.Contains("CounterGrain/late.Read", refusal.Message);

        _host.Witness.Open("late gate");
        await holding;
        Assert.Equal(1, await counter.Read().WaitAsync(Limit));
    }

    [Fact]
    public async Task Code_that_left_its_turn_is_refused()
    {
        var ticker = _host.Grains.GetGrain<ITickerGrain>("outside");
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(ticker.StartOutside);
        Assert.Contains("outside its turn", refusal.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(ticker.StartInTaskRun);
    }
}
