using OrleansAuth.Hosting;

namespace OrleansAuth.Engine;

/// <summary>The queue behind push streams, asked as an agent would. What agents make of it is in <see cref="StreamTests"/>.</summary>
public sealed class PushStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private EngineHost _host = null!;

    /// <summary>No agent reads it: the provider has no such name.</summary>
    private IPushQueueGrain Queue => QueueOf(0);

    private IPushQueueGrain QueueOf(int number) => _host.Grains.PushQueue("nobody", $"{number}");

    public async Task InitializeAsync() => _host = await EngineHost.Start();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task What_was_given_comes_again_until_it_is_known_to_have_arrived()
    {
        await Put(1, 2, 3);
        var first = await Take(null, 2);
        Assert.Equal([1, 2], Numbers(first));
        Assert.Equal([1, 2], Numbers(await Take(null, 2)));
        Assert.Equal([3], Numbers(await Take(first, 2)));
        // Another life of the queue numbered these, so its numbers say nothing here.
        Assert.Equal([3], Numbers(await Take(new PushedItems(Guid.NewGuid(), 100, []), 2)));
    }

    [Fact]
    public async Task Who_takes_from_an_empty_queue_gets_the_next_item_at_once()
    {
        var taking = Take(null, 10);
        Assert.False(taking.IsCompleted);
        await Put(7);
        Assert.Equal([7], Numbers(await taking.WaitAsync(Limit)));
    }

    [Fact]
    public async Task A_newer_taker_ends_an_older_one_that_waits_and_a_cancelled_one_is_free()
    {
        await Put(1);
        var first = await Take(null, 10);
        var older = Take(first, 10);
        using var stop = new CancellationTokenSource();
        var newer = Queue.Take(new TakePushed(first.Queue, first.Last, 10), stop.Token);
        Assert.Empty((await older.WaitAsync(Limit)).Items);

        await stop.CancelAsync();
        await Task.WhenAny(newer).WaitAsync(Limit);
        await Put(2);
        Assert.Equal([2], Numbers(await Take(first, 10)));
    }

    [Fact]
    public async Task An_agent_that_is_over_or_whose_silo_stops_waits_for_no_queue()
    {
        using var stopping = new CancellationTokenSource();
        var over = new PushReceiver(Queue, CancellationToken.None);
        var stopped = new PushReceiver(QueueOf(1), stopping.Token);
        var (first, second) = (over.GetQueueMessagesAsync(10), stopped.GetQueueMessagesAsync(10));
        Assert.False(first.IsCompleted || second.IsCompleted);

        // The queue itself would keep them for longer than this test waits.
        await over.Shutdown(Limit);
        await stopping.CancelAsync();
        Assert.Empty(await first.WaitAsync(Limit));
        Assert.Empty(await second.WaitAsync(Limit));
        Assert.Empty(await over.GetQueueMessagesAsync(10).WaitAsync(Limit));
    }

    [Fact]
    public async Task A_full_queue_keeps_publishers_waiting_for_room_and_refuses_them_when_none_comes()
    {
        await Put([.. Enumerable.Range(1, PushQueueGrain.MostItems)]);
        await Assert.ThrowsAsync<TimeoutException>(() => Put(-1)).WaitAsync(Limit);

        var waiting = Put(-2);
        var some = await Take(null, 10);
        Assert.False(waiting.IsCompleted);
        await Take(some, 1);
        await waiting.WaitAsync(Limit);

        var rest = await Take(some, PushQueueGrain.MostItems);
        Assert.Equal([.. Enumerable.Range(11, PushQueueGrain.MostItems - 10), -2], Numbers(rest));
    }

    [Fact]
    public async Task Streams_reach_consumers_on_every_silo_and_go_on_when_one_leaves()
    {
        var publisher = _host.Grains.GetGrain<IPublisherGrain>("across");
        var keys = Enumerable.Range(0, 40).Select(i => $"across {i}").ToArray();
        await using (await EngineHost.Start(_host))
        {
            foreach (var key in keys) await publisher.PublishMany("test.items", key, 3);
            foreach (var key in keys) Assert.Equal(["0", "1", "2"], await _host.Witness.Next($"{key} hears", 3));
        }

        foreach (var key in keys) await publisher.Publish("test.items", key, new Item(9));
        // A silo that leaves may have handed an item over twice; none is left out.
        foreach (var key in keys)
            while (await _host.Witness.Next($"{key} hears") != "9") { }
    }

    private Task Put(params int[] numbers) => Queue.Put([.. numbers.Select(n => new PushedItem(StreamId.Create("test.items", "k"), new Item(n), null))]);

    private Task<PushedItems> Take(PushedItems? before, int most) =>
        Queue.Take(new TakePushed(before?.Queue ?? Guid.Empty, before?.Last ?? 0, most), CancellationToken.None);

    private static IEnumerable<int> Numbers(PushedItems taken) => taken.Items.Select(item => ((Item)item.Body).Number);
}
