using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>A position in a stream. Streams in process have none to give: always null here.</summary>
public abstract class StreamSequenceToken;

/// <summary>Receives the items of a stream.</summary>
public interface IAsyncObserver<in T>
{
    /// <summary>
    /// One item. For a consumer: it runs as a call of its own in the grain's turn; catch what it may throw and expect the
    /// same item again, since a cluster's provider repeats items that failed or took long.
    /// </summary>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    Task OnCompletedAsync();

    Task OnErrorAsync(Exception ex);
}

/// <summary>Something that can be observed.</summary>
public interface IAsyncObservable<T>
{
    /// <summary>Attaches this grain's observer; a second one to the same stream takes the place of the first.</summary>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);
}

/// <summary>
/// One stream, seen from a grain. Publishing ends when the item is queued, not when it is consumed. Items of one stream
/// reach each subscriber in order. Nothing survives the process: what must not be lost is in the outbox.
/// </summary>
public interface IAsyncStream<T> : IAsyncObservable<T>, IAsyncObserver<T>
{
    StreamId StreamId { get; }
}

/// <summary>Gives access to streams.</summary>
public interface IStreamProvider
{
    string Name { get; }

    IAsyncStream<T> GetStream<T>(StreamId streamId);
}

/// <summary>A subscription of one grain to one stream.</summary>
public abstract class StreamSubscriptionHandle<T>
{
    public abstract StreamId StreamId { get; }

    /// <summary>Detaches the observer; items that come later are dropped until the grain subscribes again.</summary>
    public abstract Task UnsubscribeAsync();
}
