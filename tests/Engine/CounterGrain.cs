namespace OrleansAuth.Engine;

/// <summary>Adds, badly on purpose: reads, waits, writes. Only the engine makes the sum right.</summary>
[Alias("test.counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    [Alias("add")] Task<int> Add();

    [Alias("add-value")] ValueTask<int> AddQuickly(int by);

    [Alias("read"), ReadOnly] Task<int> Read();

    /// <summary>Tells that it is inside, and stays until the gate opens.</summary>
    [Alias("hold")] Task Hold(string gate, CancellationToken stop = default);

    [Alias("peek"), AlwaysInterleave] ValueTask<int> Peek();

    [Alias("peek-slowly"), AlwaysInterleave] Task<int> PeekSlowly(string gate);

    [Alias("drop")] Task Drop();

    [Alias("drop-beside"), AlwaysInterleave] Task DropBeside();

    [Alias("keep")] Task Keep(TimeSpan span);

    [Alias("fan-out")] Task<int> FanOut(int branches, int each);

    [Alias("note"), OneWay] Task Note(string gate);

    [Alias("context")] Task<string?> Context(string key);

    [Alias("fail")] Task Fail();

    [Alias("activation")] Task<Guid> ActivationNumber();
}

internal sealed class CounterGrain(Witness witness) : Grain, ICounterGrain
{
    private readonly Guid _number = Guid.NewGuid();
    private int _value;

    private string Key => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _value = witness.Stored.GetValueOrDefault(Key);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        witness.Tell($"{Key} leaves", reason.ReasonCode.ToString());
        if (Key == "slow farewell") await witness.Wait("farewell gate");
        witness.Stored[Key] = _value;
        witness.Tell($"{Key} ended", reason.ReasonCode.ToString());
    }

    public async Task<int> Add()
    {
        var before = _value;
        await Task.Yield();
        return _value = before + 1;
    }

    public ValueTask<int> AddQuickly(int by) => new(_value += by);

    public Task<int> Read() => Task.FromResult(_value);

    public async Task Hold(string gate, CancellationToken stop = default)
    {
        witness.Tell($"{Key} holds", gate);
        await witness.Wait(gate).WaitAsync(stop);
        _value++;
    }

    public ValueTask<int> Peek() => new(_value);

    public async Task<int> PeekSlowly(string gate)
    {
        witness.Tell($"{Key} peeks", gate);
        await witness.Wait(gate);
        return _value;
    }

    public Task Drop()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task DropBeside() => Drop();

    public Task Keep(TimeSpan span)
    {
        DelayDeactivation(span);
        return Task.CompletedTask;
    }

    public async Task<int> FanOut(int branches, int each)
    {
        var sum = 0;
        await Task.WhenAll(Enumerable.Range(0, branches).Select(_ => Branch()));
        return sum;

        async Task Branch()
        {
            await Task.Yield();
            for (var i = 0; i < each; i++) sum++;
        }
    }

    public async Task Note(string gate)
    {
        await witness.Wait(gate);
        witness.Tell($"{Key} noted", gate);
        throw new CommitRefusedException("Nobody sees this.");
    }

    public async Task<string?> Context(string key)
    {
        await Task.Yield();
        var here = RequestContext.Get(key) as string;
        RequestContext.Set(key, "changed by the callee");
        return here;
    }

    public Task Fail() => throw new CommitRefusedException("refused");

    public Task<Guid> ActivationNumber() => Task.FromResult(_number);
}

/// <summary>A grain's own exception type, which must reach the caller as it is.</summary>
public sealed class CommitRefusedException : Exception
{
    public CommitRefusedException()
    {
    }

    public CommitRefusedException(string message) : base(message)
    {
    }

    public CommitRefusedException(string message, Exception inner) : base(message, inner)
    {
    }
}
