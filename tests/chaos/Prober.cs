using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>
/// Signs in ten times a second as somebody who never mistypes, so that it is seen when people can come in, and whether an outage is ever told
/// as a wrong password or ends in a lockout; between times reads what needs no store.
/// </summary>
internal sealed class Prober(Wire wire, World world, History history)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly List<(long Start, TaskCompletionSource<long> Seen)> _awaited = [];

    /// <summary>When the load began, in the history's time.</summary>
    public long Begun { get; private set; }

    public async Task Run(CancellationToken stop)
    {
        Begun = history.Now;
        var under = new List<Task>();
        using var timer = new PeriodicTimer(Period);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            under.RemoveAll(task => task.IsCompleted);
            if (under.Count < 40)
            {
                under.Add(LogIn());
                if (i % 3 == 0) under.Add(Read("jwks", "/.well-known/jwks.json"));
                if (i % 3 == 1) under.Add(Read("application", $"/api/application/{world.Application}"));
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(under);
    }

    /// <summary>When the first login that began after an instant succeeded; null if none did in that time.</summary>
    public async Task<long?> Served(long after, TimeSpan patience)
    {
        var seen = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited) _awaited.Add((after, seen));
        try
        {
            return await seen.Task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async Task LogIn()
    {
        var start = history.Now;
        var answer = await wire.Do("prober", "honest", world.Honest.Id, World.LogIn(world.Honest, world.Guarded, world.GuardedApplication), new JsonObject { ["right"] = true }, Patience);
        if (!answer.Ok) return;
        lock (_awaited)
        {
            foreach (var (after, seen) in _awaited)
                if (start >= after) seen.TrySetResult(history.Now);
            _awaited.RemoveAll(awaited => awaited.Seen.Task.IsCompleted);
        }
    }

    private Task<Answer> Read(string what, string path) => wire.Do("prober", "hot", what, Request.Get(path), facts: null, Patience);
}
