using System.Collections.Concurrent;
using System.Threading.Channels;

namespace OrleansAuth.Engine;

/// <summary>
/// Where test grains write down what happens and wait until a test lets them go on. Gates and events have names that the
/// test chooses; asking for one makes it.
/// </summary>
public sealed class Witness
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private readonly ConcurrentDictionary<string, Channel<string>> _events = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>Stored state of the grains that keep some: what a commit wrote, and nothing else.</summary>
    public ConcurrentDictionary<string, int> Stored { get; } = new();

    /// <summary>Keys whose next commit fails.</summary>
    public ConcurrentDictionary<string, bool> FailNextCommit { get; } = new();

    public void Open(string gate) => Gate(gate).TrySetResult();

    public Task Wait(string gate) => Gate(gate).Task;

    public void Tell(string channel, string what)
    {
        _counts.AddOrUpdate(channel, 1, static (_, n) => n + 1);
        Channel(channel).Writer.TryWrite(what);
    }

    public int Count(string channel) => _counts.GetValueOrDefault(channel);

    /// <summary>The next event; fails after ten seconds, so that a broken engine fails a test instead of hanging it.</summary>
    public async Task<string> Next(string channel)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await Channel(channel).Reader.ReadAsync(limit.Token);
    }

    public async Task<IReadOnlyList<string>> Next(string channel, int count)
    {
        var seen = new List<string>();
        while (seen.Count < count) seen.Add(await Next(channel));
        return seen;
    }

    private TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private Channel<string> Channel(string name) =>
        _events.GetOrAdd(name, static _ => System.Threading.Channels.Channel.CreateUnbounded<string>());
}
