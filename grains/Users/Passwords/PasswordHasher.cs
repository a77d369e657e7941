using System.Diagnostics;
using System.Text;

namespace OrleansAuth.Users;

/// <summary>
/// The hashing threads of a process, behind one bounded queue. Waiting PBKDF2-HMAC-SHA256 jobs of one iteration count are
/// hashed together in vectors; nothing ever waits for a batch to fill.
/// </summary>
internal sealed class PasswordHasher : IPasswordHasher, IDisposable
{
    private readonly PasswordSchemes _schemes;
    private readonly PasswordHasherOptions _options;
    private readonly PasswordQueue _queue;
    private long _batches;
    private long _ticksPerJob = Stopwatch.Frequency / 200;

    public PasswordHasher(PasswordHasherOptions options, PasswordSchemes? schemes = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueLimit, 1);
        (_options, _schemes) = (options, schemes ?? PasswordSchemes.BuiltIn);
        _queue = new PasswordQueue(options.QueueLimit, options.LeastBatch, Pbkdf2Lanes.Width);
        for (var i = 0; i < options.Threads; i++)
            new Thread(Work) { IsBackground = true, Name = $"passwords {i}" }.UnsafeStart();
    }

    /// <summary>Batches of more than one password hashed so far.</summary>
    internal long Batches => Interlocked.Read(ref _batches);

    public async Task<HashedPassword> Hash(string password, PasswordCost cost, CancellationToken stop = default)
    {
        var scheme = SchemeOf(cost);
        var salt = scheme.NewSalt();
        return await Submit(scheme, password, salt, cost.Factor, stop) is { } hash
            ? new HashedPassword(new PasswordHash(scheme.Name, salt, hash, cost.Factor), default)
            : new HashedPassword(null, RetryAfter());
    }

    public async Task<PasswordCheck> Verify(string password, PasswordHash? stored, PasswordCost decoy, CancellationToken stop = default)
    {
        var usable = stored is not null
            && _schemes.Check(stored.Scheme, stored.Salt, stored.Hash, stored.Factor) == PasswordHashFault.None ? stored : null;
        var scheme = usable is null ? SchemeOf(decoy) : _schemes.Find(usable.Scheme)!;
        var hash = await Submit(scheme, password, usable?.Salt ?? scheme.NewSalt(), usable?.Factor ?? decoy.Factor, stop);
        if (hash is null) return new PasswordCheck(PasswordVerdict.Busy, RetryAfter());

        // The decoy is compared too, with a text that no hash equals.
        var same = PasswordSchemes.Same(hash, usable?.Hash ?? new string('-', hash.Length));
        return new PasswordCheck(same ? PasswordVerdict.Matches : PasswordVerdict.Differs);
    }

    /// <summary>Ends the threads after what they are hashing now. Whoever still waits is told that the hasher is busy.</summary>
    public void Dispose()
    {
        foreach (var job in _queue.Close())
            job.Complete(null);
    }

    private IPasswordScheme SchemeOf(PasswordCost cost)
    {
        var scheme = _schemes.Find(cost.Scheme) ?? throw new ArgumentException($"There is no password scheme '{cost.Scheme}'.", nameof(cost));
        return scheme.Factors.Has(cost.Factor) ? scheme : throw new ArgumentException($"{cost.Scheme} does not take the factor {cost.Factor}.", nameof(cost));
    }

    private async Task<string?> Submit(IPasswordScheme scheme, string password, string salt, int factor, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var job = new PasswordJob(scheme, password, salt, factor);
        var begun = Stopwatch.GetTimestamp();
        if (!_queue.TryAdd(job))
        {
            PasswordMetrics.CountRefusal();
            return null;
        }

        // Work that a thread has begun is finished; the caller need not wait for it.
        await using var withdrawal = stop.UnsafeRegister(_ =>
        {
            _queue.Withdraw(job);
            job.Cancel(stop);
        }, null);
        var hash = await job.Answer;
        PasswordMetrics.Hashed(begun);
        return hash;
    }

    private void Work()
    {
        var batch = new List<PasswordJob>(Pbkdf2Lanes.Width);
        while (_queue.Take(batch))
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                if (batch.Count == 1) HashOne(batch[0]);
                else HashTogether(batch);
            }
            catch (Exception bug) // it belongs to the caller; the thread lives on for others
            {
                batch.ForEach(job => job.Fail(bug));
            }

            Learn((Stopwatch.GetTimestamp() - begun) / batch.Count);
            batch.Clear();
        }
    }

    private static void HashOne(PasswordJob job) => job.Complete(job.Scheme.Hash(job.Password, job.Salt, job.Factor));

    private void HashTogether(List<PasswordJob> batch)
    {
        var inputs = new Pbkdf2Input[batch.Count];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = new Pbkdf2Input(Encoding.UTF8.GetBytes(batch[i].Password), Convert.FromBase64String(batch[i].Salt));
        var keys = Pbkdf2Lanes.Derive(inputs, batch[0].Factor);
        Interlocked.Increment(ref _batches);
        for (var i = 0; i < keys.Length; i++)
            batch[i].Complete(Convert.ToBase64String(keys[i]));
    }

    // A moving average is enough to tell a caller when to come back; threads may overwrite each other's sample.
    private void Learn(long ticks) => Volatile.Write(ref _ticksPerJob, ((7 * Volatile.Read(ref _ticksPerJob)) + ticks) / 8);

    private TimeSpan RetryAfter()
    {
        var drained = (double)Volatile.Read(ref _ticksPerJob) * _options.QueueLimit / _options.Threads / Stopwatch.Frequency;
        return TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(drained), 1, 60));
    }
}
