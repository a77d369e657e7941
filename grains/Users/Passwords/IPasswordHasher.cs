namespace OrleansAuth.Users;

/// <summary>
/// Hashes and verifies passwords away from the grains' schedulers. Await it inside a grain turn: the work runs on threads of
/// its own and the turn goes on where it was. Nobody waits without bound: when too many wait already, the answer is busy.
/// </summary>
internal interface IPasswordHasher
{
    /// <summary>Hashes a new password under a fresh salt.</summary>
    /// <exception cref="ArgumentException">The scheme is unknown or the factor outside its range: check settings when they are saved.</exception>
    Task<HashedPassword> Hash(string password, PasswordCost cost, CancellationToken stop = default);

    /// <summary>
    /// Verifies a password. Without a stored hash (an unknown account, or one without a password), or with one that cannot be
    /// read, it does the work of <paramref name="decoy"/> and answers that the password differs.
    /// </summary>
    /// <param name="decoy">What a hash costs in this tenant, so that an unknown account takes as long as a known one.</param>
    Task<PasswordCheck> Verify(string password, PasswordHash? stored, PasswordCost decoy, CancellationToken stop = default);
}

/// <summary>A new hash, or none with the time after which it is worth to come back (for Retry-After, whole seconds).</summary>
internal readonly record struct HashedPassword(PasswordHash? Hash, TimeSpan RetryAfter)
{
    public bool IsBusy => Hash is null;
}

/// <summary>The outcome of a verification.</summary>
internal enum PasswordVerdict
{
    Differs,
    Matches,

    /// <summary>Nothing was compared: too many wait. Not a failed attempt.</summary>
    Busy,
}

/// <summary>The outcome of a verification; where busy, with the time after which it is worth to come back (whole seconds).</summary>
internal readonly record struct PasswordCheck(PasswordVerdict Verdict, TimeSpan RetryAfter = default);

/// <summary>How much hashing this process does at once.</summary>
internal sealed record PasswordHasherOptions
{
    /// <summary>Threads that hash; default: one per processor. More only make each login slower.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Passwords that may wait; default 256 per processor, well under a second of work at the default cost. Whoever comes
    /// later is told to try again.
    /// </summary>
    public int QueueLimit { get; init; } = 256 * Environment.ProcessorCount;

    /// <summary>From how many waiting passwords of one cost on they are hashed together; default: measured on this machine.</summary>
    public int LeastBatch { get; init; } = Pbkdf2Lanes.WorthWhile;
}
