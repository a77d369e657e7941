using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans;

/// <summary>
/// Takes items to the grains that are subscribed to their stream: one queue per stream and subscribing class, emptied by
/// one pump, so each subscriber sees the items in order and a slow one delays nobody else. Queues are unbounded and exist
/// only while they hold something.
/// </summary>
internal sealed class StreamHub(GrainEngine engine)
{
    private readonly ConcurrentDictionary<(StreamId, GrainClass), Pipe> _pipes = new();

    public void Publish<T>(StreamId stream, T item)
    {
        foreach (var subscriber in engine.Classes.SubscribersOf(stream.Namespace))
        {
            var delivery = new Delivery<T>(stream, item);

            // A pump that found its queue empty closes it; the item then goes into a new one, behind everything delivered.
            while (!_pipes.GetOrAdd((stream, subscriber), static (key, hub) => new Pipe(hub, key.Item1, key.Item2), this).TryAdd(delivery))
            {
            }
        }
    }

    private sealed class Pipe(StreamHub hub, StreamId stream, GrainClass subscriber) : IThreadPoolWorkItem
    {
        private readonly Queue<Call> _items = new();
        private bool _pumping;
        private bool _closed;

        public bool TryAdd(Call item)
        {
            lock (_items)
            {
                if (_closed) return false;
                _items.Enqueue(item);
                if (_pumping) return true;
                _pumping = true;
            }

            // Unsafe: the pump serves many publishers and must not carry the execution context of the first.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return true;
        }

        void IThreadPoolWorkItem.Execute() => _ = Pump();

        private async Task Pump()
        {
            var id = GrainId.Create(subscriber.Name, stream.Key);
            while (Next() is { } item)
            {
                try
                {
                    await hub.Engine.Run(subscriber, id, item).ConfigureAwait(false);
                }
                catch (SiloUnavailableException)
                {
                    return;
                }
                catch (Exception error)
                {
                    hub.Engine.Log.DeliveryFailed(error, id, stream.Namespace);
                }
            }
        }

        private Call? Next()
        {
            lock (_items)
            {
                if (_items.TryDequeue(out var item)) return item;

                // Out of the dictionary before the lock opens: whoever sees it closed finds a new one.
                _closed = true;
                hub._pipes.TryRemove(KeyValuePair.Create((stream, subscriber), this));
                return null;
            }
        }
    }

    private GrainEngine Engine => engine;

    private sealed class Delivery<T>(StreamId stream, T item) : Call
    {
        private readonly System.Collections.Immutable.ImmutableDictionary<string, object>? _context = RequestContext.Snapshot;

        public override string Name => $"stream {stream.Namespace}";

        public override bool IsPatient => true;

        protected override Task Invoke(Grain grain)
        {
            RequestContext.Snapshot = _context;
            if (grain.Activation.Observers.TryGetValue(stream, out var observer)) return ((IAsyncObserver<T>)observer).OnNextAsync(item);

            grain.Activation.Engine.Log.NobodyListens(grain.Activation.GrainId, stream.Namespace);
            return Task.CompletedTask;
        }
    }
}
