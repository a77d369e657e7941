using OrleansAuth.Users;

namespace OrleansAuth.UserActions;

/// <summary>Counts how often a password was looked at.</summary>
internal sealed class CountingHasher : IPasswordHasher, IDisposable
{
    private readonly PasswordHasher _hasher = new(new PasswordHasherOptions());
    private int _verified;

    public int Verified => Volatile.Read(ref _verified);

    public Task<HashedPassword> Hash(string password, PasswordCost cost, CancellationToken stop = default) => _hasher.Hash(password, cost, stop);

    public Task<PasswordCheck> Verify(string password, PasswordHash? stored, PasswordCost decoy, CancellationToken stop = default)
    {
        Interlocked.Increment(ref _verified);
        return _hasher.Verify(password, stored, decoy, stop);
    }

    public void Dispose() => (_hasher as IDisposable)?.Dispose();
}
