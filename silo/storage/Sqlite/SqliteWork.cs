namespace OrleansAuth.Storage;

/// <summary>Something that the writer does inside the group's transaction, and its answer to whoever waits for it.</summary>
internal abstract class SqliteWork(CancellationToken stop)
{
    /// <summary>Given up before it began.</summary>
    public bool Abandoned => stop.IsCancellationRequested;

    protected CancellationToken Stop => stop;

    /// <summary>Does the work. False: it was refused, and what it wrote so far is to be undone.</summary>
    public abstract bool Run(SqliteLink link);

    /// <summary>The transaction is durable.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception reason);

    public abstract void Cancel();
}

/// <summary>A <see cref="SqliteWork"/> that answers with a <typeparamref name="T"/>.</summary>
internal sealed class SqliteWork<T>(Func<SqliteLink, (T Answer, bool Keep)> run, CancellationToken stop) : SqliteWork(stop)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    public Task<T> Done => _done.Task;

    public override bool Run(SqliteLink link)
    {
        (_answer, var keep) = run(link);
        return keep;
    }

    public override void Succeed() => _done.TrySetResult(_answer!);

    public override void Fail(Exception reason) => _done.TrySetException(reason);

    public override void Cancel() => _done.TrySetCanceled(Stop);
}
