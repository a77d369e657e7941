namespace OrleansAuth.Storage;

/// <summary>One commit on its way, and what it stands in the way of: the states and names it touches, as hashes.</summary>
internal sealed class PostgresMember
{
    private readonly TaskCompletionSource<CommitResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _stop;

    public PostgresMember(Commit commit, CancellationToken stop)
    {
        (Commit, _stop) = (commit, stop);
        var touched = new int[commit.States.Count + commit.Claims.Count + (commit.ChangesConfiguration ? 1 : 0)];
        var i = 0;
        foreach (var state in commit.States)
            touched[i++] = state.Key.GetHashCode();
        foreach (var claim in commit.Claims)
            touched[i++] = claim.Key.GetHashCode();
        if (commit.ChangesConfiguration)
            touched[i] = typeof(ConfigurationChanges).GetHashCode();
        Touched = touched;
    }

    public Commit Commit { get; }

    /// <summary>Equal hashes of different things only make one of them wait.</summary>
    public IReadOnlyList<int> Touched { get; }

    public Task<CommitResult> Done => _done.Task;

    /// <summary>Answers a commit that was given up before it began; true if it was.</summary>
    public bool Abandoned() => _stop.IsCancellationRequested && _done.TrySetCanceled(_stop);

    public void Succeed(CommitResult result) => _done.TrySetResult(result);

    public void Fail(Exception reason) => _done.TrySetException(reason);
}
