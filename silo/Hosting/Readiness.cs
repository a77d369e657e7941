using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Hosting;

/// <summary>
/// Whether this process should get requests. A load balancer asks often and everybody may, so all who ask at one time share one
/// look at the store.
/// </summary>
public sealed class Readiness(IStoreReader store, ConfigurationReader configuration, Clock clock)
{
    /// <summary>Longer than this, and the store counts as away: whoever probes has little patience.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<bool>? _look;
    private volatile bool _started;
    private volatile bool _draining;

    /// <summary>The process was told to stop: it still answers, and wants no new callers.</summary>
    public bool IsDraining => _draining;

    /// <summary>The start is complete, the kickstart included.</summary>
    public void Started() => _started = true;

    /// <summary>The process was told to stop.</summary>
    public void Drain() => _draining = true;

    /// <summary>What keeps this process from serving; nothing where it is ready.</summary>
    public async Task<IReadOnlyList<Obstacle>> Obstacles()
    {
        var obstacles = new List<Obstacle>();
        if (_draining) obstacles.Add(new("draining", "The server is stopping and wants no new callers."));
        if (!_started) obstacles.Add(new("starting", "The start is not complete."));
        if (configuration.Current.Version == 0) obstacles.Add(new("configuration", "The configuration is not loaded yet."));
        if (!await StoreAnswers()) obstacles.Add(new("store", $"The store did not answer within {Patience.TotalSeconds:0} seconds."));
        return obstacles;
    }

    private Task<bool> StoreAnswers()
    {
        lock (_gate)
        {
            if (_look is null || _look.IsCompleted) _look = Look();
            return _look;
        }
    }

    private async Task<bool> Look()
    {
        // A store that hangs keeps this one look waiting, never one for each that asks.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var limit = new CancellationTokenSource(Patience, clock.Time);
            await store.ConfigurationVersion(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is StoreUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>Something that keeps a process from serving.</summary>
/// <param name="Code">One of <c>starting</c>, <c>configuration</c>, <c>store</c>, <c>draining</c>.</param>
/// <param name="Message">The same as a sentence, without anything that only the operator should know.</param>
public sealed record Obstacle(string Code, string Message);
