namespace OrleansAuth.Common;

/// <summary>
/// A clock that stands still until a test moves it. <see cref="Advance"/> moves the wall clock and the timestamps together
/// and fires every timer on the way, in the order in which they are due, on the calling thread; a timer armed by another
/// one fires too when it is due before the end. Setting <see cref="UtcNow"/> is a step of the wall clock alone: no timer
/// notices, as on a real machine. Safe for use by many threads; one of them should move the time.
/// </summary>
public sealed class ManualTime : TimeProvider
{
    private static readonly ExecutionContext NoContext = CaptureNoContext();
    private readonly Lock _gate = new();
    private readonly SortedSet<(long Due, long Order, ManualTimer Timer)> _armed = new(Comparer<(long Due, long Order, ManualTimer)>.Create(
        (a, b) => (a.Due, a.Order).CompareTo((b.Due, b.Order))));
    private readonly List<(long Within, TaskCompletionSource Seen)> _watchers = [];
    private long _elapsed;
    private long _armings;
    private DateTimeOffset _start;

    /// <summary>Starts at the given instant, or at noon of 1 November 2026 (UTC).</summary>
    public ManualTime(DateTimeOffset? start = null) =>
        _start = (start ?? new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero)).ToUniversalTime();

    /// <summary>The wall clock. Setting it leaves timestamps and timers alone.</summary>
    public DateTimeOffset UtcNow
    {
        get
        {
            lock (_gate) return _start.AddTicks(_elapsed);
        }
        set
        {
            lock (_gate) _start = value.ToUniversalTime().AddTicks(-_elapsed);
        }
    }

    /// <summary>Timers that will fire some time.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate) return _armed.Count;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => UtcNow;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    /// <summary>Moves the time forward and fires what falls due. An exception of a callback reaches the caller.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long end;
        lock (_gate) end = _elapsed + by.Ticks;
        while (NextDue(end) is { } timer) timer.Fire();
    }

    /// <summary>
    /// Ends once some timer is due within <paramref name="span"/> from now. Code under test arms its timers on other
    /// threads; await this before <see cref="Advance"/> instead of hoping that it got there.
    /// </summary>
    public Task TimerDueWithin(TimeSpan span)
    {
        lock (_gate)
        {
            if (_armed.Count > 0 && _armed.Min.Due - _elapsed <= span.Ticks) return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watchers.Add((span.Ticks, seen));
            return seen.Task;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Takes the earliest timer due by <paramref name="end"/> and moves the time there; without one, to the end.</summary>
    private ManualTimer? NextDue(long end)
    {
        lock (_gate)
        {
            var first = _armed.Count > 0 && _armed.Min.Due <= end ? _armed.Min.Timer : null;
            Interlocked.Exchange(ref _elapsed, Math.Max(_elapsed, first?.Place.Due ?? end));
            if (first is null) return null;
            var due = first.Place.Due;
            Disarm(first);
            if (first.Period > 0) Arm(first, due + first.Period);
            return first;
        }
    }

    private void Arm(ManualTimer timer, long due)
    {
        timer.Place = (due, _armings++);
        _armed.Add((timer.Place.Due, timer.Place.Order, timer));
        foreach (var watcher in _watchers.FindAll(w => due - _elapsed <= w.Within))
        {
            _watchers.Remove(watcher);
            watcher.Seen.SetResult();
        }
    }

    private void Disarm(ManualTimer timer) => _armed.Remove((timer.Place.Due, timer.Place.Order, timer));

    private static ExecutionContext CaptureNoContext()
    {
        ExecutionContext? context = null;
        var bare = new Thread(() => context = ExecutionContext.Capture());
        bare.UnsafeStart();
        bare.Join();
        return context!;
    }

    /// <summary>
    /// Like the real thing, a callback sees the execution context of whoever created the timer (none, if its flow was
    /// suppressed), never that of the test that moves the time.
    /// </summary>
    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext _context = ExecutionContext.Capture() ?? NoContext;
        private bool _disposed;

        public (long Due, long Order) Place { get; set; } = (-1, -1);
        public long Period { get; private set; }

        public void Fire() => ExecutionContext.Run(_context, _ => callback(state), null);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                if (_disposed) return false;
                Period = period.Ticks;
                time.Disarm(this);
                if (dueTime > TimeSpan.Zero) time.Arm(this, time._elapsed + dueTime.Ticks);
                else if (dueTime == TimeSpan.Zero && Period > 0) time.Arm(this, time._elapsed + Period);
            }

            // Due at once means soon on another thread: the caller may hold a lock that the callback wants.
            if (dueTime == TimeSpan.Zero) ThreadPool.UnsafeQueueUserWorkItem(static t => t.Fire(), this, preferLocal: false);
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                _disposed = true;
                time.Disarm(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
