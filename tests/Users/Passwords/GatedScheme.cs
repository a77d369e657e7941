namespace OrleansAuth.Users;

/// <summary>A scheme whose hashes wait until the test opens the gate, to hold hashing threads where the test wants them.</summary>
internal sealed class GatedScheme : IPasswordScheme, IDisposable
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly ManualResetEventSlim _gate = new();
    private int _hashes;

    public string Name => "gated";

    public int DefaultFactor => 1;

    public FactorRange Factors => new(1, 9);

    /// <summary>Hashes begun so far.</summary>
    public int Hashes => Volatile.Read(ref _hashes);

    public Task Entered() => _entered.WaitAsync();

    public void Open() => _gate.Set();

    public string NewSalt() => "salt";

    public string Hash(string password, string salt, int factor)
    {
        Interlocked.Increment(ref _hashes);
        _entered.Release();
        _gate.Wait();
        return password == "boom" ? throw new InvalidOperationException("boom") : $"{password}/{salt}/{factor}";
    }

    public PasswordHashFault Check(string? salt, string? hash, int factor) => PasswordHashFault.None;

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
        _entered.Dispose();
    }
}
