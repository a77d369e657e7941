using Microsoft.Extensions.Logging;

namespace OrleansAuth.Storage;

/// <summary>
/// Tells the process that configuration changed. Subscribers always hear a version at least as new as the change, whether
/// it was learned from an own commit or from another process.
/// </summary>
internal sealed class ConfigurationNotice(ILogger log)
{
    private readonly Lock _gate = new();
    private long _raised;

    public event Action<long>? Changed;

    /// <summary>Raises a version unless it is known; returns at once, the subscribers run on the pool.</summary>
    public void Raise(long version)
    {
        lock (_gate)
        {
            if (version <= _raised)
                return;
            _raised = version;
        }

        if (Changed is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static notice => notice.RunSubscribers(), this, preferLocal: false);
    }

    /// <summary>Versions up to this one were there when the store was opened.</summary>
    public void StartAt(long version)
    {
        lock (_gate)
            _raised = Math.Max(_raised, version);
    }

    private void RunSubscribers()
    {
        // The newest version at this moment: two changes in a row may be told as one.
        long version;
        lock (_gate)
            version = _raised;
        foreach (var subscriber in Changed?.GetInvocationList() ?? [])
        {
            try
            {
                ((Action<long>)subscriber)(version);
            }
            catch (Exception reason)
            {
                log.LogError(reason, "A subscriber to configuration changes failed; its snapshot catches up with its next version check");
            }
        }
    }
}
