namespace OrleansAuth.Engine;

[GenerateSerializer, Immutable, Alias("test.item.v1")]
public sealed record Item(int Number, string? Gate = null, bool Fails = false);

[Alias("test.publisher")]
public interface IPublisherGrain : IGrainWithStringKey
{
    [Alias("publish")] Task Publish(string toNamespace, string key, Item item);

    /// <summary>Publishes the numbers from 0 on.</summary>
    [Alias("publish-many")] Task PublishMany(string toNamespace, string key, int count);
}

internal sealed class PublisherGrain : Grain, IPublisherGrain
{
    public Task Publish(string toNamespace, string key, Item item) => Stream(toNamespace, key).OnNextAsync(item);

    public async Task PublishMany(string toNamespace, string key, int count)
    {
        for (var i = 0; i < count; i++) await Stream(toNamespace, key).OnNextAsync(new Item(i));
    }

    private IAsyncStream<Item> Stream(string toNamespace, string key) =>
        this.GetStreamProvider("test").GetStream<Item>(StreamId.Create(toNamespace, key));
}

[Alias("test.listener")]
public interface IListenerGrain : IGrainWithStringKey
{
    [Alias("drop")] Task Drop();
}

[ImplicitStreamSubscription("test.items")]
internal sealed class ListenerGrain(Witness witness) : Grain, IListenerGrain, IAsyncObserver<Item>
{
    private bool _inside;

    private string Key => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetStreamProvider("test").GetStream<Item>(StreamId.Create("test.items", Key)).SubscribeAsync(this);

    public async Task OnNextAsync(Item item, StreamSequenceToken? token = null)
    {
        if (_inside) witness.Tell($"{Key} overlaps", $"{item.Number}");
        _inside = true;
        if (item.Gate is { } gate) await witness.Wait(gate);
        await Task.Yield();
        _inside = false;
        witness.Tell($"{Key} hears", $"{item.Number}");
        if (item.Fails) throw new InvalidOperationException("This item is refused.");
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task Drop()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

/// <summary>A second class on the same namespace, to which every item goes too.</summary>
[Alias("test.echo")]
public interface IEchoGrain : IGrainWithStringKey;

[ImplicitStreamSubscription("test.items")]
internal sealed class EchoGrain(Witness witness) : Grain, IEchoGrain, IAsyncObserver<Item>
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetStreamProvider("test").GetStream<Item>(StreamId.Create("test.items", this.GetPrimaryKeyString())).SubscribeAsync(this);

    public Task OnNextAsync(Item item, StreamSequenceToken? token = null)
    {
        witness.Tell($"{this.GetPrimaryKeyString()} echoes", $"{item.Number}");
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
