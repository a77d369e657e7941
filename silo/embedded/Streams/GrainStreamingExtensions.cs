using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans;

/// <summary>How a grain reaches streams.</summary>
public static class GrainStreamingExtensions
{
    /// <summary>The provider of that name. In one process all names mean the same.</summary>
    public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name) => new Provider(name, grain.Activation);

    private sealed class Provider(string name, Activation activation) : IStreamProvider
    {
        public string Name => name;

        public IAsyncStream<T> GetStream<T>(StreamId streamId) => new GrainStream<T>(activation, streamId);
    }

    private sealed class GrainStream<T>(Activation activation, StreamId id) : IAsyncStream<T>
    {
        public StreamId StreamId => id;

        public Task OnNextAsync(T item, StreamSequenceToken? token = null)
        {
            activation.Engine.Streams.Publish(id, item);
            return Task.CompletedTask;
        }

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
        {
            activation.DemandTurn();
            activation.Observers[id] = observer;
            return Task.FromResult<StreamSubscriptionHandle<T>>(new Handle<T>(activation, id));
        }

        public Task OnCompletedAsync() => throw new NotSupportedException("Streams here do not end.");

        public Task OnErrorAsync(Exception ex) => throw new NotSupportedException("Publish failures as items of their own.");
    }

    private sealed class Handle<T>(Activation activation, StreamId id) : StreamSubscriptionHandle<T>
    {
        public override StreamId StreamId => id;

        public override Task UnsubscribeAsync()
        {
            activation.DemandTurn();
            activation.Observers.Remove(id);
            return Task.CompletedTask;
        }
    }
}
