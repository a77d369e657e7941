namespace OrleansAuth.Engine;

public sealed partial class DeadlockTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private EngineHost _host = null!;

    public async Task InitializeAsync() => _host = await EngineHost.Start();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_chain_may_come_back_through_an_interleaving_method()
    {
        Assert.Equal("answer of x", await Chain("x").AskBack("y").WaitAsync(Limit));
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
