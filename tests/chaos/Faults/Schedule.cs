using System.Text.Json.Nodes;

namespace OrleansAuth.Chaos;

/// <summary>One fault after the other, in an order that the seed decides, and how long each kept people out.</summary>
internal sealed class Schedule(Options options, FaultTable table, Servers servers, Prober prober, History history, Random random)
{
    // Whoever needs longer than this to serve again has not come back.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<FaultSeen> _seen = [];

    public IReadOnlyList<FaultSeen> Seen => _seen;

    /// <summary>Goes on until the time is over; the last fault is over by then.</summary>
    public async Task Run(CancellationToken stop)
    {
        var names = (options.Faults ?? table.Default).ToArray();
        if (names.Length == 0) return;
        while (true)
        {
            random.Shuffle(names);
            // However short the run is, a process is killed in it.
            if (Array.IndexOf(names, "kill") is > 0 and var kill) (names[0], names[kill]) = (names[kill], names[0]);
            foreach (var name in names)
            {
                var fault = table.Find(name);
                await Task.Delay(options.Every, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stop.IsCancellationRequested || options.Length - TimeSpan.FromMicroseconds(history.Now - prober.Begun) < fault.Length + options.Every) return;
                await Inject(fault);
            }
        }
    }

    private async Task Inject(Fault fault)
    {
        var start = history.Now;
        await fault.Begin();
        await (fault.Meanwhile?.Invoke() ?? Task.Delay(fault.Length));
        // What has no length is over at once, and how long it is felt counts from its beginning.
        var healed = fault.Length == TimeSpan.Zero ? start : history.Now;
        await fault.End();
        var served = await prober.Served(after: healed, Patience);
        using var patience = new CancellationTokenSource(Patience);
        await servers.AllUp(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var seen = new FaultSeen(fault.Name, start, healed, served);
        _seen.Add(seen);
        history.Write("faults", "fault", fault.Name, start, served ?? history.Now, served is null ? "refused" : "ok", new JsonObject { ["healed"] = healed });
    }
}

/// <summary>A fault that was; microseconds of the history.</summary>
/// <param name="Healed">When it was taken away, or, of one that is over at once, when it was brought about.</param>
/// <param name="Served">When the first login after that succeeded; null if none did.</param>
internal sealed record FaultSeen(string Name, long Start, long Healed, long? Served);
