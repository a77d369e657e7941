namespace OrleansAuth.Engine;

public sealed partial class StreamTests : IAsyncLifetime
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
}
