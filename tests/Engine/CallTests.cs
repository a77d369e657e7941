namespace OrleansAuth.Engine;

public sealed partial class CallTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private EngineHost _host = null!;

    public async Task InitializeAsync() => _host = await EngineHost.Start();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>
    /// Not all at once: with every call that comes or goes, Orleans looks through all that wait for the grain, so ten thousand that
    /// wait cost a hundred million looks and run into the response timeout.
    /// </summary>
    [Fact]
    public async Task Ten_thousand_calls_of_five_hundred_callers_lose_no_update()
    {
        var counter = Counter("lost");
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(AddTwenty))).WaitAsync(Limit);
        Assert.Equal(10_000, await counter.Read());
        Assert.Equal(10_000, answers.SelectMany(a => a).Distinct().Count());

        async Task<List<int>> AddTwenty()
        {
            var mine = new List<int>();
            while (mine.Count < 20) mine.Add(await counter.Add());
            return mine;
        }
    }

    [Fact]
    public async Task Calls_of_one_caller_arrive_in_their_order()
    {
        var counter = Counter("order");
        // Calls to a grain that is not there yet find it each on their own, on Orleans, and may overtake each other.
        await counter.Read();
        var holding = counter.Hold("order gate");
        var answers = Enumerable.Range(0, 100).Select(_ => counter.Add()).ToArray();
        _host.Witness.Open("order gate");
        await holding;
        Assert.Equal(Enumerable.Range(2, 100), await Task.WhenAll(answers).WaitAsync(Limit));
    }

    [Fact]
    public async Task The_grains_own_exception_reaches_the_caller()
    {
        var refusal = await Assert.ThrowsAsync<CommitRefusedException>(Counter("fail").Fail);
        Assert.Equal("refused", refusal.Message);
        Assert.Equal(1, await Counter("fail").Add());
    }

    [Fact]
    public async Task A_cancelled_token_reaches_the_running_call_and_frees_the_grain()
    {
        using var stop = new CancellationTokenSource();
        var counter = Counter("cancel");
        var holding = counter.Hold("never", stop.Token);
        await _host.Witness.Next("cancel holds");
        var next = counter.Read();
        Assert.False(next.IsCompleted);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holding.WaitAsync(Limit));
        Assert.Equal(0, await next.WaitAsync(Limit));
    }

    [Fact]
    public async Task A_one_way_call_returns_at_once_and_keeps_its_failure_to_itself()
    {
        var counter = Counter("note");
        Assert.True(counter.Note("note gate").IsCompletedSuccessfully);
        _host.Witness.Open("note gate");
        Assert.Equal("note gate", await _host.Witness.Next("note noted"));
        Assert.Equal(0, await counter.Read().WaitAsync(Limit));
    }

    [Fact]
    public async Task An_interleaving_read_passes_a_call_that_waits_and_a_read_only_call_does_not()
    {
        var counter = Counter("beside");
        var holding = counter.Hold("beside gate");
        await _host.Witness.Next("beside holds");
        Assert.Equal(0, await counter.Peek().AsTask().WaitAsync(Limit));
        var read = counter.Read();
        Assert.False(read.IsCompleted);

        _host.Witness.Open("beside gate");
        await holding;
        Assert.Equal(1, await read.WaitAsync(Limit));
    }

    [Fact]
    public async Task Request_context_flows_down_the_chain_and_not_back()
    {
        RequestContext.Set("tenant", "acme");
        Assert.Equal("acme", await Counter("context").Context("tenant"));
        Assert.Equal("acme", RequestContext.Get("tenant"));
        Assert.True(RequestContext.Remove("tenant"));
        Assert.Null(await Counter("context").Context("tenant"));
    }

    [Fact]
    public async Task Parallel_branches_inside_one_call_never_run_beside_each_other()
    {
        Assert.Equal(400_000, await Counter("fan").FanOut(branches: 400, each: 1000).WaitAsync(Limit));
    }

    [Fact]
    public async Task Interleaving_calls_and_the_call_with_the_turn_share_one_scheduler()
    {
        var counter = Counter("shared");
        var fan = counter.FanOut(branches: 200, each: 1000);
        var peeks = Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await counter.Peek()));
        await Task.WhenAll(peeks).WaitAsync(Limit);
        Assert.Equal(200_000, await fan.WaitAsync(Limit));
    }

    [Fact]
    public async Task Grain_code_stays_on_its_scheduler_across_awaits()
    {
        var where = await _host.Grains.GetGrain<ITickerGrain>("where").WhereCodeRuns();
        Assert.Equal("own True, after await True, in continuation True", where);
    }

    [Fact]
    public async Task Stateless_workers_work_side_by_side_and_no_more_than_allowed()
    {
        var worker = _host.Grains.GetGrain<IWorkerGrain>("hash");
        var first = worker.Work("first", "first gate");
        var second = worker.Work("second", "second gate");
        Assert.Equal(["first", "second"], (await _host.Witness.Next("working", 2)).Order());
        var third = worker.Work("third", "third gate");
        Assert.Equal(2, _host.Witness.Count("working"));

        _host.Witness.Open("first gate");
        _host.Witness.Open("second gate");
        await Task.WhenAll(first, second).WaitAsync(Limit);
        Assert.Equal("third", await _host.Witness.Next("working"));
        _host.Witness.Open("third gate");
        await third.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_very_long_chain_of_free_grains_does_not_exhaust_the_stack()
    {
        var path = Enumerable.Range(0, 5000).Select(i => $"deep{i}");
        Assert.Equal("end at deep4999", await _host.Grains.GetGrain<IChainGrain>("deep").Pass([.. path]).WaitAsync(Limit));
    }

    private ICounterGrain Counter(string key) => _host.Grains.GetGrain<ICounterGrain>(key);
}
