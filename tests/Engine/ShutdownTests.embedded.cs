namespace OrleansAuth.Engine;

public sealed class ShutdownTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Stopping_lets_running_and_waiting_calls_finish_and_deactivates_every_grain()
    {
        await using var host = await EngineHost.Start();
        var counter = host.Grains.GetGrain<ICounterGrain>("stop");
        await host.Grains.GetGrain<ICounterGrain>("idle").Add();
        var holding = counter.Hold("stop gate");
        var waiting = counter.Add();
        var stopping = host.Stop();
        Assert.False(stopping.IsCompleted);

        host.Witness.Open("stop gate");
        await holding.WaitAsync(Limit);
        Assert.Equal(2, await waiting.WaitAsync(Limit));
        await stopping.WaitAsync(Limit);
        Assert.Equal("ShuttingDown", await host.Witness.Next("stop ended"));
        Assert.Equal("ShuttingDown", await host.Witness.Next("idle ended"));
        Assert.Equal(0, host.Engine.ActivationCount);
        Assert.Equal(2, host.Witness.Stored["stop"]);
    }

    [Fact]
    public async Task A_running_call_may_still_call_others_while_the_engine_stops()
    {
        await using var host = await EngineHost.Start();
        var crossing = host.Grains.GetGrain<IChainGrain>("s1").Cross("call gate", "s2");
        await host.Witness.Next("crossing");
        var stopping = host.Stop();
        host.Witness.Open("call gate");
        Assert.Equal("end at s2", await crossing.WaitAsync(Limit));
        await stopping.WaitAsync(Limit);
        Assert.Equal(0, host.Engine.ActivationCount);
    }

    [Fact]
    public async Task New_calls_are_refused_while_the_engine_stops_and_afterwards()
    {
        await using var host = await EngineHost.Start();
        var counter = host.Grains.GetGrain<ICounterGrain>("refused");
        var holding = counter.Hold("refuse gate");
        var stopping = host.Stop();
        var refusal = await Assert.ThrowsAsync<SiloUnavailableException>(counter.Read);
        Assert.Contains("stopping", refusal.Message);

        host.Witness.Open("refuse gate");
        await Task.WhenAll(holding, stopping).WaitAsync(Limit);
        await Assert.ThrowsAsync<SiloUnavailableException>(host.Grains.GetGrain<ICounterGrain>("another").Read);
    }

    [Fact]
    public async Task The_stop_does_not_wait_for_ever()
    {
        await using var host = await EngineHost.Start();
        var holding = host.Grains.GetGrain<ICounterGrain>("stuck").Hold("stuck gate");
        var stopping = host.Stop();
        await host.Time.TimerDueWithin(TimeSpan.FromSeconds(15)).WaitAsync(Limit);
        host.Time.Advance(TimeSpan.FromSeconds(14));
        Assert.False(stopping.IsCompleted);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await stopping.WaitAsync(Limit);
        host.Witness.Open("stuck gate");
        await holding.WaitAsync(Limit);
    }

    [Fact]
    public async Task The_stop_ends_when_the_host_loses_patience()
    {
        await using var host = await EngineHost.Start();
        var holding = host.Grains.GetGrain<ICounterGrain>("impatient").Hold("impatient gate");
        using var patience = new CancellationTokenSource();
        var stopping = host.Engine.StopAsync(patience.Token);
        await patience.CancelAsync();
        await stopping.WaitAsync(Limit);
        host.Witness.Open("impatient gate");
        await holding.WaitAsync(Limit);
    }
}
