using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans;

/// <summary>All grains of one process: finds or makes the activation that serves a call.</summary>
internal sealed partial class GrainEngine : IClusterClient
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ConcurrentDictionary<GrainId, WorkerPool> _workers = new();
    private readonly EngineMeter _meter;

    public GrainEngine(IServiceProvider services, EmbeddedOptions options, ILogger<GrainEngine> log)
    {
        (ServiceProvider, Options, Log) = (services, options, log);
        Classes = new GrainClasses(options.Assemblies);
        Streams = new StreamHub(this);
        Reminders = new ReminderService(this);
        _meter = new EngineMeter(this);
    }

    public IServiceProvider ServiceProvider { get; }

    public EmbeddedOptions Options { get; }

    public TimeProvider Time => Options.Time;

    public ILogger Log { get; }

    public GrainClasses Classes { get; }

    public StreamHub Streams { get; }

    public ReminderService Reminders { get; }

    /// <summary>How many grains are live, stateless workers included.</summary>
    public int ActivationCount => _activations.Count + _workers.Values.Sum(p => p.Workers.Count());

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => Reference<TGrainInterface>(primaryKey);

    public TGrainInterface Reference<TGrainInterface>(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var type = Classes.Serving(typeof(TGrainInterface));
        var reference = DispatchProxy.Create<TGrainInterface, GrainProxy>();
        var proxy = (GrainProxy)(object)reference!;
        (proxy.Engine, proxy.Class, proxy.Id) = (this, type, GrainId.Create(type.Name, key));
        return reference;
    }

    /// <summary>
    /// Runs one call to its end. A call that meets an activation on its way out gets a fresh one, as often as it takes;
    /// each time some other call got through, so it does not go round for ever.
    /// </summary>
    /// <exception cref="SiloUnavailableException">The engine has stopped.</exception>
    public async ValueTask Run(GrainClass type, GrainId id, Call call)
    {
        while (!await RunOnce(type, id, call).ConfigureAwait(false))
        {
        }
    }

    /// <summary>The activation has ended; the next call makes a fresh one.</summary>
    public void Forget(Activation activation)
    {
        if (activation.Class.Workers == 0) _activations.TryRemove(KeyValuePair.Create(activation.GrainId, activation));
        else if (_workers.TryGetValue(activation.GrainId, out var pool)) pool.Forget(activation);
    }

    private ValueTask<bool> RunOnce(GrainClass type, GrainId id, Call call)
    {
        if (_stopped) throw new SiloUnavailableException("The grain engine has stopped.");
        if (type.Workers > 0)
            return _workers.GetOrAdd(id, static (id, s) => new WorkerPool(s.engine, s.type, id), (engine: this, type)).Run(call);

        if (!_activations.TryGetValue(id, out var activation))
            activation = _activations.GetOrAdd(id, static (id, s) => new Activation(s.engine, s.type, id), (engine: this, type));
        return activation.Run(call);
    }
}
