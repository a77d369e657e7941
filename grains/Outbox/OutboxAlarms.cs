using OrleansAuth.Common;

namespace OrleansAuth.Outbox;

/// <summary>When queues want to be rung, one instant for each, by one timer for all. A queue that was rung is forgotten.</summary>
internal sealed class OutboxAlarms(Clock clock) : IDisposable
{
    /// <summary>A timer reaches this far; it is set again then.</summary>
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(1);

    /// <summary>Milliseconds between two looks at the clock from which on the time has leapt.</summary>
    private const long Leap = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _instants = [];
    private readonly SortedSet<(long Instant, string Queue)> _inOrder = [];
    private ITimer? _timer;
    private Action<string> _ring = _ => { };

    public void Start(Action<string> ring)
    {
        _ring = ring;
        _timer = clock.Time.CreateTimer(_ => RingDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rings the queue at an instant (milliseconds since 1970) in place of the one set before.</summary>
    public void Set(string queue, long instant)
    {
        lock (_gate)
        {
            if (_instants.TryGetValue(queue, out var before)) _inOrder.Remove((before, queue));
            _instants[queue] = instant;
            _inOrder.Add((instant, queue));
            if (_inOrder.Min.Queue == queue) SetTimer();
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void RingDue()
    {
        List<string> due = [];
        lock (_gate)
        {
            var now = clock.Now;
            while (_inOrder.Count > 0 && _inOrder.Min is var (instant, queue) && instant <= now)
            {
                _inOrder.Remove((instant, queue));
                _instants.Remove(queue);
                due.Add(queue);
            }

            SetTimer();
        }

        foreach (var queue in due) _ring(queue);
    }

    /// <summary>Where the time leapt between the look at the clock and the setting of the timer (a process stood still, a test moved its clock), it is set once more.</summary>
    private void SetTimer()
    {
        if (_inOrder.Count == 0) return;
        long now;
        do
        {
            now = clock.Now;
            // Not before the instant, since the clock's parts of a millisecond are cut off; a timer that is early all the same finds nothing due, and is set again.
            var wait = Math.Clamp(_inOrder.Min.Instant - now, 0, (long)Farthest.TotalMilliseconds);
            _timer?.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
        }
        while (clock.Now - now > Leap);
    }
}
