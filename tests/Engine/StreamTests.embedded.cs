namespace OrleansAuth.Engine;

/// <summary>Orleans delivers again to a consumer that throws or is slow, so these are promises of the embedded engine alone.</summary>
public sealed partial class StreamTests
{
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
