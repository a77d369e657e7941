namespace Orleans.Runtime;

/// <summary>A running timer of a grain. Disposing it stops it; so does the end of the activation.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets when the next tick is due, and the time between later ones.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>When a grain's timer ticks.</summary>
/// <param name="dueTime">Until the first tick.</param>
/// <param name="period">From the end of a tick to the next one; <see cref="Timeout.InfiniteTimeSpan"/> for a single tick.</param>
public readonly struct GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
{
    public TimeSpan DueTime { get; init; } = dueTime;

    public TimeSpan Period { get; init; } = period;

    /// <summary>Accepted for source compatibility and without effect: a tick always waits its turn.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, so that the timer keeps its grain from being collected. Default: false.</summary>
    public bool KeepAlive { get; init; }
}
