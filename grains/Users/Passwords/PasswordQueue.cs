namespace OrleansAuth.Users;

/// <summary>One password to hash. The answer is the hash's text, or null when the hasher stopped before it came to it.</summary>
internal sealed class PasswordJob(IPasswordScheme scheme, string password, string salt, int factor)
{
    // Waiting code goes on where it was (a grain's scheduler), never on a hashing thread.
    private readonly TaskCompletionSource<string?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IPasswordScheme Scheme => scheme;
    public string Password => password;
    public string Salt => salt;
    public int Factor => factor;
    public Task<string?> Answer => _answer.Task;

    /// <summary>Jobs of this kind can be hashed together where their factors agree.</summary>
    public bool GoesInBatches => ReferenceEquals(scheme, Pbkdf2Scheme.Sha256);

    public void Complete(string? hash) => _answer.TrySetResult(hash);
    public void Fail(Exception error) => _answer.TrySetException(error);
    public void Cancel(CancellationToken stop) => _answer.TrySetCanceled(stop);
}

/// <summary>
/// Passwords that wait to be hashed, at most a fixed number. First come, first served, except that jobs which can share a
/// batch with the first are taken along.
/// </summary>
internal sealed class PasswordQueue(int limit, int batchLeast, int batchMost)
{
    private readonly object _entry = new();
    private readonly LinkedList<PasswordJob> _waiting = new();
    private bool _closed;

    /// <summary>Adds a job; false when the queue is full or closed.</summary>
    public bool TryAdd(PasswordJob job)
    {
        lock (_entry)
        {
            if (_closed || _waiting.Count >= limit) return false;
            _waiting.AddLast(job);
            PasswordMetrics.Waiting.Add(1);
            Monitor.Pulse(_entry);
            return true;
        }
    }

    /// <summary>Gives a job's place back. False when a thread already took it.</summary>
    public bool Withdraw(PasswordJob job)
    {
        lock (_entry)
        {
            if (!_waiting.Remove(job)) return false;
            PasswordMetrics.Waiting.Add(-1);
            return true;
        }
    }

    /// <summary>Waits for work and moves it into <paramref name="batch"/>: one job, or several that can be hashed together. False once closed.</summary>
    public bool Take(List<PasswordJob> batch)
    {
        lock (_entry)
        {
            // A job may be gone when its signal arrives: withdrawn, or taken along with another.
            while (_waiting.First is null)
            {
                if (_closed) return false;
                Monitor.Wait(_entry);
            }

            Gather(_waiting.First, batch);
            return true;
        }
    }

    /// <summary>Lets all threads go and hands back what still waited.</summary>
    public IReadOnlyList<PasswordJob> Close()
    {
        lock (_entry)
        {
            _closed = true;
            PasswordJob[] left = [.. _waiting];
            _waiting.Clear();
            PasswordMetrics.Waiting.Add(-left.Length);
            Monitor.PulseAll(_entry);
            return left;
        }
    }

    private void Gather(LinkedListNode<PasswordJob> first, List<PasswordJob> batch)
    {
        batch.Add(first.Value);
        for (var node = first.Next; node is not null && first.Value.GoesInBatches && batch.Count < batchMost; node = node.Next)
        {
            if (node.Value.GoesInBatches && node.Value.Factor == first.Value.Factor) batch.Add(node.Value);
        }

        // Too few to fill a vector are faster one by one, and then other threads may have the others.
        if (batch.Count < batchLeast) batch.RemoveRange(1, batch.Count - 1);
        foreach (var job in batch)
            _waiting.Remove(job);
        PasswordMetrics.Waiting.Add(-batch.Count);
    }
}
