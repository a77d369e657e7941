namespace OrleansAuth.Events;

/// <summary>Counts the steps of transactions, for tests that go on when one is reached.</summary>
internal sealed class FaultWatch : IFaultPoints
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(FaultPoint, Guid), int> _reached = [];
    private readonly List<(FaultPoint Point, Guid Event, int Times, TaskCompletionSource Seen)> _awaited = [];

    /// <summary>Runs at every step; what it throws is thrown there.</summary>
    public Action<FaultPoint, Guid>? At { get; set; }

    public void Reach(FaultPoint point, Guid eventId)
    {
        At?.Invoke(point, eventId);
        lock (_gate)
        {
            var times = _reached[(point, eventId)] = _reached.GetValueOrDefault((point, eventId)) + 1;
            foreach (var awaited in _awaited.FindAll(a => a.Point == point && a.Event == eventId && a.Times <= times))
            {
                _awaited.Remove(awaited);
                awaited.Seen.SetResult();
            }
        }
    }

    /// <summary>How often it was reached so far.</summary>
    public int Times(FaultPoint point, Guid eventId)
    {
        lock (_gate) return _reached.GetValueOrDefault((point, eventId));
    }

    /// <summary>Ends when a step has been reached so often.</summary>
    public Task Reached(FaultPoint point, Guid eventId, int times = 1)
    {
        lock (_gate)
        {
            if (_reached.GetValueOrDefault((point, eventId)) >= times) return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((point, eventId, times, seen));
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
