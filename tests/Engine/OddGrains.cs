namespace OrleansAuth.Engine;

/// <summary>One source, many families.</summary>
[Alias("test.family`1")]
public interface IFamilyGrain<T> : IGrainWithStringKey
{
    [Alias("put")] Task Put(T value);

    [Alias("get")] Task<T?> Get();
}

internal sealed class FamilyGrain<T> : Grain, IFamilyGrain<T>
{
    private T? _value;

    public Task Put(T value)
    {
        _value = value;
        return Task.CompletedTask;
    }

    public Task<T?> Get() => Task.FromResult(_value);
}

/// <summary>Works side by side with its like.</summary>
[Alias("test.worker")]
public interface IWorkerGrain : IGrainWithStringKey
{
    [Alias("work")] Task Work(string name, string gate);
}

[StatelessWorker(2)]
internal sealed class WorkerGrain(Witness witness) : Grain, IWorkerGrain
{
    public async Task Work(string name, string gate)
    {
        witness.Tell("working", name);
        await witness.Wait(gate);
    }
}

/// <summary>Cannot be activated while its key says so; has something to dispose of.</summary>
[Alias("test.fragile")]
public interface IFragileGrain : IGrainWithStringKey
{
    [Alias("touch")] Task Touch();

    [Alias("drop")] Task Drop();
}

internal sealed class FragileGrain(Witness witness) : Grain, IFragileGrain, IDisposable
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(() => Task.CompletedTask, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        return witness.FailNextCommit.TryRemove(this.GetPrimaryKeyString(), out _)
            ? throw new CommitRefusedException("no activation")
            : Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A bad farewell.");

    public Task Touch() => Task.CompletedTask;

    public Task Drop()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public void Dispose() => witness.Tell("disposed", this.GetPrimaryKeyString());
}

internal interface IInternalGrain : IGrainWithStringKey
{
    Task<string> Name();
}

internal sealed class InternalGrain : Grain, IInternalGrain
{
    public Task<string> Name() => Task.FromResult(this.AsReference<IInternalGrain>().GetPrimaryKeyString());
}
