namespace OrleansAuth.Engine;

/// <summary>Keeps what it has committed, in the way that every stored grain does.</summary>
[Alias("test.ledger")]
public interface ILedgerGrain : IGrainWithStringKey
{
    [Alias("commit")] Task<int> Commit();

    [Alias("read")] Task<int> Read();
}

internal sealed class LedgerGrain(Witness witness) : Grain, ILedgerGrain
{
    private int _value;

    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        _value = witness.Stored.GetValueOrDefault(Key);
    }

    public async Task<int> Commit()
    {
        // Too early on purpose: whoever is served by this activation after a refusal reads what was never stored.
        _value++;
        await Task.Yield();
        if (witness.FailNextCommit.TryRemove(Key, out _))
        {
            DeactivateOnIdle();
            throw new CommitRefusedException("The commit was refused.");
        }

        return witness.Stored[Key] = _value;
    }

    public Task<int> Read() => Task.FromResult(_value);
}
