namespace OrleansAuth.Storage;

/// <summary>Something that the writer does inside the group's transaction, and its answer to whoever waits for it.</summary>
internal abstract class SqliteWork(CancellationToken stop)
{
    protected CancellationToken Stop => stop;

    /// <summary>Does the work. False: it was refused, and what it wrote so far is to be undone.</summary>
    public abstract bool Run(SqliteLink link);

    /// <summary>The transaction is durable.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception reason);

    /// <summary>Answers work that was given up before it began; true if it was.</summary>
    public abstract bool Abandon();
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

    public override bool Abandon() => Stop.IsCancellationRequested && _done.TrySetCanceled(Stop);
}
