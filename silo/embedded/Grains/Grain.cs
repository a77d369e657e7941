using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// The base of every grain class. The engine makes one instance per key on first use, gives it constructor arguments from
/// the service provider, runs one call at a time on it and drops it when it has been idle.
/// </summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <exception cref="InvalidOperationException">Somebody other than the engine makes the instance.</exception>
    protected Grain() => Activation = Activation.BeingCreated
        ?? throw new InvalidOperationException($"{GetType()} was made with new; grains are made by the engine, ask IGrainFactory for a reference.");

    public IGrainContext GrainContext => Activation;

    internal Activation Activation { get; }

    protected IGrainFactory GrainFactory => Activation.Engine;

    protected internal IServiceProvider ServiceProvider => Activation.Engine.ServiceProvider;

    /// <summary>
    /// Drops this instance when the current call ends: calls that wait, and all later ones, are served by a fresh one.
    /// A grain whose commit failed does this and rethrows, so state that was never stored is never served. Interleaving
    /// calls, too, wait for the fresh instance from here on, so do not wait for one of them afterwards.
    /// </summary>
    protected void DeactivateOnIdle() => Activation.RequestEnd();

    /// <summary>Keeps an idle instance for at least <paramref name="timeSpan"/> from now; a negative span takes that back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.KeepFor(timeSpan);

    /// <inheritdoc cref="IGrainBase.OnActivateAsync"/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc cref="IGrainBase.OnDeactivateAsync"/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
}
