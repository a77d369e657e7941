using Orleans.Runtime;

namespace Orleans;

/// <summary>What every grain interface extends.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain found by a string key. The other kinds of key are not offered: keys here always name their tenant.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>Makes references to grains. A reference is cheap, is never null and says nothing about whether the grain has state.</summary>
public interface IGrainFactory
{
    /// <summary>The reference to one grain.</summary>
    /// <param name="primaryKey">At least one character.</param>
    /// <param name="grainClassNamePrefix">Accepted for source compatibility; exactly one class implements each interface here.</param>
    /// <exception cref="ArgumentException">The interface is no usable grain interface, or not exactly one class implements it.</exception>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;
}

/// <summary>How code outside grains reaches them; here the grains live in the same process.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}

/// <summary>What the engine knows of a grain instance.</summary>
public interface IGrainBase
{
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first call. If it throws, that call fails and the next one starts afresh.</summary>
    Task OnActivateAsync(CancellationToken token);

    /// <summary>Runs after the last call. It may never run (a crash), so nothing may depend on it.</summary>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token);
}
