using System.Runtime.CompilerServices;

namespace Orleans;

/// <summary>
/// Runs the pieces of one activation (the code between two awaits) one after the other, so that even parallel branches
/// inside one call never run beside each other. Holding the turn is not enough for that: continuations would
/// otherwise go to the thread pool and run in parallel. A call's first piece runs on the calling thread when the
/// grain is free, which makes an uncontended call nearly as cheap as a method call; all other pieces go to the pool.
/// </summary>
internal sealed class TurnScheduler : TaskScheduler, IThreadPoolWorkItem
{
    /// <summary>Pieces run in a row before the pool thread is given back, so that a busy grain starves nobody.</summary>
    private const int Batch = 32;

    [ThreadStatic] private static Task? s_beginning;
    private readonly Lock _gate = new();
    private Queue<Task>? _waiting;
    private bool _busy;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>
    /// Starts a piece, on this thread if the grain is free and the stack is not too deep (calls nest on it). A caller's
    /// synchronization context is put aside meanwhile: awaits prefer it to the scheduler and would lead the grain's code away.
    /// </summary>
    public void Begin(Task piece)
    {
        s_beginning = RuntimeHelpers.TryEnsureSufficientExecutionStack() ? piece : null;
        if (SynchronizationContext.Current is not { } callers)
        {
            piece.Start(this);
            return;
        }

        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            piece.Start(this);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(callers);
        }
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        var here = s_beginning == task;
        s_beginning = null;
        lock (_gate)
        {
            if (_busy || !here) (_waiting ??= new()).Enqueue(task);
            if (_busy) return;
            _busy = true;
        }

        if (!here)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
            return;
        }

        TryExecuteTask(task);

        // What the piece left behind goes to the pool: the calling thread has its caller's work to do.
        if (!IsIdleNow()) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>Only code that already runs here may run more of the grain inline (waiting for a task that has not started).</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        Current == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    void IThreadPoolWorkItem.Execute()
    {
        for (var done = 0; done < Batch; done++)
        {
            TryExecuteTask(Take());
            if (IsIdleNow()) return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private Task Take()
    {
        lock (_gate) return _waiting!.Dequeue();
    }

    private bool IsIdleNow()
    {
        lock (_gate)
        {
            if (_waiting is { Count: > 0 }) return false;
            _busy = false;
            return true;
        }
    }
}
