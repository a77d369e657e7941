namespace Orleans.Concurrency;

/// <summary>The caller does not wait for the call and does not see how it ends; a failure is logged.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>Changes nothing. Orleans runs such calls side by side; here each waits its turn, which is stricter and never wrong.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>
/// Runs between the awaits of whatever the grain is doing, without waiting for its turn. Such a method reads one
/// immutable snapshot or writes to a channel, nothing else.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>
/// A grain without state of its own, of which up to <paramref name="maxLocalWorkers"/> instances with the same key work
/// side by side. A call goes to a free one, or to the one with the fewest callers waiting.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute(int maxLocalWorkers) : Attribute
{
    /// <summary>As many instances as the machine has cores.</summary>
    public StatelessWorkerAttribute() : this(Environment.ProcessorCount)
    {
    }

    public int MaxLocalWorkers { get; } = maxLocalWorkers;
}
