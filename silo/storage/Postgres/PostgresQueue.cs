namespace OrleansAuth.Storage;

/// <summary>
/// Puts waiting commits into groups. A few groups are written at once, and no two commits that touch the same state or
/// name are under way together: so a refusal in a group depends on no neighbour, commits on one state keep their order,
/// and two groups of this process never wait for each other's locks in a circle.
/// </summary>
/// <param name="write">Writes a group and answers each member; never throws.</param>
/// <param name="writers">How many groups are written at once.</param>
internal sealed class PostgresQueue(Func<List<PostgresMember>, Task> write, int writers)
{
    // Bounds how long the first member of a group waits for the last.
    private const int LargestGroup = 128;

    private readonly Lock _gate = new();
    private readonly LinkedList<PostgresMember> _waiting = [];
    private readonly HashSet<int> _held = [];
    private readonly HashSet<int> _passed = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _closed;

    public Task<CommitResult> Submit(Commit commit, CancellationToken stop)
    {
        var member = new PostgresMember(commit, stop);
        List<PostgresMember>? group;
        lock (_gate)
        {
            if (_closed)
                throw new StoreUnavailableException("The store is closed: the server is stopping.");
            _waiting.AddLast(member);
            if (_running == writers || (group = Take()) is null)
                return member.Done;
            _running++;
        }

        _ = Write(group);
        return member.Done;
    }

    /// <summary>Takes no more, and ends when what was taken is answered.</summary>
    public Task Close()
    {
        lock (_gate)
        {
            _closed = true;
            if (_running == 0)
                _idle.TrySetResult();
        }

        return _idle.Task;
    }

    private async Task Write(List<PostgresMember>? group)
    {
        while (group is not null)
        {
            await write(group).ConfigureAwait(false);
            List<PostgresMember>? second = null;
            lock (_gate)
            {
                foreach (var member in group)
                    _held.ExceptWith(member.Touched);
                group = Take();
                if (group is null)
                    End();
                else if (_running < writers && (second = Take()) is not null)
                    _running++;
            }

            if (second is not null)
                _ = Write(second);
        }
    }

    private void End()
    {
        _running--;
        if (_closed && _running == 0)
            _idle.TrySetResult();
    }

    private List<PostgresMember>? Take()
    {
        List<PostgresMember>? group = null;
        _passed.Clear();
        for (var node = _waiting.First; node is not null && (group?.Count ?? 0) < LargestGroup && _passed.Count < 4 * LargestGroup;)
        {
            var (member, next) = (node.Value, node.Next);
            if (_held.Overlaps(member.Touched) || _passed.Overlaps(member.Touched))
            {
                // Whoever comes later for the same thing must not overtake.
                _passed.UnionWith(member.Touched);
            }
            else
            {
                _waiting.Remove(node);
                if (!member.Abandoned())
                {
                    _held.UnionWith(member.Touched);
                    (group ??= []).Add(member);
                }
            }

            node = next;
        }

        return group;
    }
}
