namespace OrleansAuth.Engine;

public sealed class StreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private EngineHost _host = null!;

    private IPublisherGrain Publisher => _host.Grains.GetGrain<IPublisherGrain>("p");

    public async Task InitializeAsync() => _host = await EngineHost.Start();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Items_reach_every_subscribed_class_in_order()
    {
        await Publisher.PublishMany("test.items", "ordered", 2000).WaitAsync(Limit);
        var expected = Enumerable.Range(0, 2000).Select(i => $"{i}");
        Assert.Equal(expected, await _host.Witness.Next("ordered hears", 2000));
        Assert.Equal(expected, await _host.Witness.Next("ordered echoes", 2000));
        Assert.Equal(0, _host.Witness.Count("ordered overlaps"));
    }

    [Fact]
    public async Task Items_stay_in_order_when_the_consumer_is_dropped_between_them()
    {
        var listener = _host.Grains.GetGrain<IListenerGrain>("dropped");
        for (var i = 0; i < 200; i++)
        {
            await Publisher.Publish("test.items", "dropped", new Item(i));
            if (i % 5 == 0) await listener.Drop();
        }

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), await _host.Witness.Next("dropped hears", 200));
    }

    [Fact]
    public async Task A_consumer_that_throws_does_not_stop_the_stream()
    {
        await Publisher.Publish("test.items", "throwing", new Item(1, Fails: true));
        await Publisher.Publish("test.items", "throwing", new Item(2));
        Assert.Equal(["1", "2"], await _host.Witness.Next("throwing hears", 2));
    }

    [Fact]
    public async Task A_slow_consumer_delays_neither_the_publisher_nor_other_consumers()
    {
        await Publisher.Publish("test.items", "slow", new Item(1, Gate: "slow gate")).WaitAsync(Limit);
        await Publisher.Publish("test.items", "slow", new Item(2)).WaitAsync(Limit);
        await Publisher.Publish("test.items", "quick", new Item(3)).WaitAsync(Limit);
        Assert.Equal("3", await _host.Witness.Next("quick hears"));
        Assert.Equal(0, _host.Witness.Count("slow hears"));

        // Not even a wait beyond every limit loses an item.
        _host.Time.Advance(TimeSpan.FromHours(1));
        _host.Witness.Open("slow gate");
        Assert.Equal(["1", "2"], await _host.Witness.Next("slow hears", 2));
    }

    [Fact]
    public async Task An_item_that_nobody_is_subscribed_to_is_dropped()
    {
        await Publisher.Publish("test.nobody", "k", new Item(1)).WaitAsync(Limit);
        Assert.Equal(1, _host.Engine.ActivationCount);
    }
}
