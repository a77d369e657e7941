namespace OrleansAuth.Engine;

public sealed partial class ActivationTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private EngineHost _host = null!;

    public async Task InitializeAsync() => _host = await EngineHost.Start();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Calls_that_race_with_deactivations_are_all_answered_and_none_is_lost()
    {
        var counter = Counter("race");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await counter.Add();
                if (i % 10 == worker) await counter.Drop();
                if (i % 10 == worker + 1) await counter.DropBeside();
                if (i % 7 == 0) await counter.Peek();
            }
        }))).WaitAsync(Limit);
        Assert.Equal(8000, await counter.Read().WaitAsync(Limit));
        Assert.True(_host.Witness.Count("race ended") > 100);
    }

    [Fact]
    public async Task A_grain_whose_commit_failed_serves_only_what_was_stored()
    {
        for (var round = 0; round < 50; round++)
        {
            var key = $"ledger{round}";
            var ledger = _host.Grains.GetGrain<ILedgerGrain>(key);
            Assert.Equal(1, await ledger.Commit());
            _host.Witness.FailNextCommit[key] = true;

            var commits = Enumerable.Range(0, 20).Select(_ => Task.Run(ledger.Commit)).ToArray();
            var outcomes = await Task.WhenAll(commits.Select(c => c.ContinueWith(t => t.Exception?.InnerException, TaskScheduler.Default))).WaitAsync(Limit);
            Assert.Single(outcomes.OfType<CommitRefusedException>());
            Assert.Equal(19, outcomes.Count(o => o is null));
            Assert.Equal(20, await ledger.Read());
            Assert.Equal(20, _host.Witness.Stored[key]);
        }
    }

    [Fact]
    public async Task A_grain_dropped_from_an_interleaving_call_ends_without_another_call()
    {
        var counter = Counter("beside");
        await counter.Add();
        await counter.DropBeside().WaitAsync(Limit);
        Assert.Equal("ApplicationRequested", await _host.Witness.Next("beside ended"));
    }

    [Fact]
    public async Task A_grain_dropped_from_beside_ends_when_the_call_with_the_turn_does()
    {
        var counter = Counter("busy");
        var holding = counter.Hold("busy gate");
        await _host.Witness.Next("busy holds");
        await counter.DropBeside().WaitAsync(Limit);
        Assert.Equal(0, _host.Witness.Count("busy ended"));
        _host.Witness.Open("busy gate");
        await holding.WaitAsync(Limit);
        Assert.Equal("ApplicationRequested", await _host.Witness.Next("busy ended"));
    }

    [Fact]
    public async Task A_grain_does_not_end_while_an_interleaving_call_is_inside()
    {
        var counter = Counter("peeked");
        var peek = counter.PeekSlowly("peek gate");
        await _host.Witness.Next("peeked peeks");
        await counter.Drop().WaitAsync(Limit);
        var next = counter.Read();
        Assert.Equal(0, _host.Witness.Count("peeked ended"));
        _host.Witness.Open("peek gate");
        await peek.WaitAsync(Limit);
        Assert.Equal(0, await next.WaitAsync(Limit));
        Assert.Equal(1, _host.Witness.Count("peeked ended"));
    }

    [Fact]
    public async Task A_bad_farewell_neither_reaches_the_caller_nor_blocks_the_next_call()
    {
        var fragile = _host.Grains.GetGrain<IFragileGrain>("farewell");
        await fragile.Drop().WaitAsync(Limit);
        await fragile.Touch().WaitAsync(Limit);
        Assert.Equal("farewell", await _host.Witness.Next("disposed"));
    }

    [Fact]
    public async Task Generic_grains_keep_their_families_apart()
    {
        var words = _host.Grains.GetGrain<IFamilyGrain<string>>("same");
        var numbers = _host.Grains.GetGrain<IFamilyGrain<int>>("same");
        await words.Put("a");
        await numbers.Put(7);
        Assert.Equal("a", await words.Get());
        Assert.Equal(7, await numbers.Get());
        Assert.NotEqual(words.GetGrainId(), numbers.GetGrainId());
    }

    private ICounterGrain Counter(string key) => _host.Grains.GetGrain<ICounterGrain>(key);
}
