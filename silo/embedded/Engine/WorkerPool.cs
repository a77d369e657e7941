using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// The instances of a stateless worker with one key. A call is counted to its instance before it sets out, so two calls
/// that come together do not both take the one that looked free.
/// </summary>
internal sealed class WorkerPool(GrainEngine engine, GrainClass type, GrainId id)
{
    private readonly Lock _gate = new();
    private readonly Activation?[] _workers = new Activation?[type.Workers];
    private readonly int[] _load = new int[type.Workers];

    public IEnumerable<Activation> Workers
    {
        get
        {
            lock (_gate) return [.. _workers.OfType<Activation>()];
        }
    }

    public async ValueTask<bool> Run(Call call)
    {
        var (worker, place) = Take();
        try
        {
            return await worker.Run(call).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _load[place]);
        }
    }

    public void Forget(Activation worker)
    {
        lock (_gate)
        {
            var place = Array.IndexOf(_workers, worker);
            if (place >= 0) _workers[place] = null;
        }
    }

    /// <summary>A free instance before a new one, a new one before a line of callers, and then the shortest line.</summary>
    private (Activation Worker, int Place) Take()
    {
        lock (_gate)
        {
            var place = Enumerable.Range(0, _workers.Length).MinBy(i => (Volatile.Read(ref _load[i]), _workers[i] is null));
            Interlocked.Increment(ref _load[place]);
            return (_workers[place] ??= new Activation(engine, type, id), place);
        }
    }
}
