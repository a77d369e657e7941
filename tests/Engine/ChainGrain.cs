using System.Collections.Immutable;

namespace OrleansAuth.Engine;

/// <summary>Calls others of its kind along a path.</summary>
[Alias("test.chain")]
public interface IChainGrain : IGrainWithStringKey
{
    /// <summary>Passes the call on to the first of the path, which passes it on to the rest.</summary>
    [Alias("pass")] Task<string> Pass(ImmutableArray<string> path);

    /// <summary>Tells that it is inside, waits for the gate and calls the other.</summary>
    [Alias("cross")] Task<string> Cross(string gate, string other);

    /// <summary>Calls the other, which asks this grain a question that may interleave.</summary>
    [Alias("ask-back")] Task<string> AskBack(string other);

    [Alias("ask")] Task<string> Ask(string other);

    [Alias("answer"), AlwaysInterleave] Task<string> Answer();

    /// <summary>Starts a call down the path without waiting for it; how it ends is told as <c>forgotten</c>.</summary>
    [Alias("forget")] Task Forget(string gate, ImmutableArray<string> path);

    [Alias("notify")] Task Notify(string other);

    [Alias("notified"), OneWay] Task Notified(string by);
}

internal sealed class ChainGrain(Witness witness) : Grain, IChainGrain
{
    private string Key => this.GetPrimaryKeyString();

    public async Task<string> Pass(ImmutableArray<string> path) =>
        path.IsEmpty ? $"end at {Key}" : await GrainFactory.GetGrain<IChainGrain>(path[0]).Pass(path.RemoveAt(0));

    public async Task<string> Cross(string gate, string other)
    {
        witness.Tell("crossing", Key);
        await witness.Wait(gate);
        return await GrainFactory.GetGrain<IChainGrain>(other).Pass([]);
    }

    public Task<string> AskBack(string other) => GrainFactory.GetGrain<IChainGrain>(other).Ask(Key);

    public Task<string> Ask(string other) => GrainFactory.GetGrain<IChainGrain>(other).Answer();

    public Task<string> Answer() => Task.FromResult($"answer of {Key}");

    public Task Forget(string gate, ImmutableArray<string> path)
    {
        _ = Later();
        return Task.CompletedTask;

        async Task Later()
        {
            await witness.Wait(gate);
            witness.Tell("forgotten", await GrainFactory.GetGrain<IChainGrain>(path[0]).Pass(path.RemoveAt(0)));
        }
    }

    public Task Notify(string other) => GrainFactory.GetGrain<IChainGrain>(other).Notified(Key);

    public async Task Notified(string by)
    {
        var answer = await GrainFactory.GetGrain<IChainGrain>(by).Pass([]);
        witness.Tell("notified", $"{Key} heard: {answer}");
    }
}
