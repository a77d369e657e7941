namespace Orleans;

/// <summary>
/// The turn of one activation: one call has it, the others wait in the order of their arrival. Leaving hands the turn to
/// the next in line rather than opening it to all, so nobody is overtaken.
/// </summary>
internal sealed class TurnQueue
{
    private readonly Lock _gate = new();
    private Queue<Waiter>? _waiters;
    private bool _taken;

    /// <summary>The call that has the turn and those that wait for it; a hint, since it may change at any time.</summary>
    public int Length => _taken ? 1 + (_waiters?.Count ?? 0) : 0;

    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_taken) return false;
            return _taken = true;
        }
    }

    /// <summary>Waits for the turn; false if <paramref name="limit"/> passed first.</summary>
    public Task<bool> Enter(TimeSpan limit, TimeProvider time)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (!_taken)
            {
                _taken = true;
                return Task.FromResult(true);
            }

            waiter = new Waiter();
            (_waiters ??= new()).Enqueue(waiter);
        }

        return limit == Timeout.InfiniteTimeSpan ? waiter.Task : WaitAtMost(waiter, limit, time);
    }

    /// <summary>Gives the turn to the next in line. One that has given up stays in the line until here, where it is passed over.</summary>
    public void Exit()
    {
        lock (_gate)
        {
            while (_waiters is not null && _waiters.TryDequeue(out var next))
            {
                if (next.TrySetResult(true)) return;
            }

            _taken = false;
        }
    }

    private static async Task<bool> WaitAtMost(Waiter waiter, TimeSpan limit, TimeProvider time)
    {
        using var timer = time.CreateTimer(static w => ((Waiter)w!).TrySetResult(false), waiter, limit, Timeout.InfiniteTimeSpan);
        return await waiter.Task.ConfigureAwait(false);
    }

    /// <summary>Whether it got the turn or gave up is decided once, by whichever sets the result first.</summary>
    private sealed class Waiter() : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
}
