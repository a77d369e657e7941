using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Audit;

/// <summary>
/// Sends what logs get to one listener, as server-sent events. The logs themselves are the buffer: each round reads a bounded part, and
/// the next one waits until the listener took it, so a slow listener costs nobody anything. What the listener is told as its last id is an
/// instant up to which everything was sent; coming back with it, it misses nothing, and gets what was sent around that instant again.
/// </summary>
internal sealed class LogTail(IReadOnlyList<TailSource> sources, Clock clock, Func<bool> mayStay)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Whoever is further behind is told so and goes on from here: the rest is found by a search.</summary>
    public static readonly TimeSpan MostBehind = TimeSpan.FromHours(1);

    private readonly List<TailReader> _readers = [.. sources.Select(source => new TailReader(source))];
    private long _spoke;

    /// <param name="resume">The last id that the listener was told; null for a new one.</param>
    public async Task Run(long? resume, Stream to, CancellationToken stop)
    {
        using var pause = new PeriodicTimer(Pause, clock.Time);
        await Start(resume, to, stop);
        while (mayStay())
        {
            // Asked before each part: a key that was revoked gets nothing more.
            while (await Round(to, stop))
                if (!mayStay()) return;
            if (!await pause.WaitForNextTickAsync(stop)) return;
        }
    }

    private async Task Start(long? resume, Stream to, CancellationToken stop)
    {
        var now = clock.Now;
        foreach (var reader in _readers)
        {
            if (resume is { } reached) reader.Resume(Math.Min(reached, now));
            else await reader.Begin(now, stop);
        }

        await Say(to, $"retry: 2000\nid: {Reached(now)}\n\n", stop);
    }

    /// <returns>Whether there is more to send at once.</returns>
    private async Task<bool> Round(Stream to, CancellationToken stop)
    {
        var (now, entries, isMore) = (clock.Now, new List<TailEntry>(), false);
        var text = new StringBuilder();
        try
        {
            foreach (var reader in _readers)
            {
                SkipWhatIsTooFar(reader, now, text);
                var next = await reader.Next(now, stop);
                entries.AddRange(next.Entries);
                isMore |= next.IsMore;
            }
        }
        catch (StoreUnavailableException)
        {
            // Readers stand where they stood; the listener hears again when the store is back.
            entries.Clear();
        }

        foreach (var entry in entries.OrderBy(entry => entry.Place.Instant)) Append(text, entry.Kind, entry.Shown);
        if (text.Length > 0 || now - _spoke >= Heartbeat.TotalMilliseconds) await Say(to, text.Append(CultureInfo.InvariantCulture, $": \nid: {Reached(now)}\n\n").ToString(), stop);
        return isMore;
    }

    private static void SkipWhatIsTooFar(TailReader reader, long now, StringBuilder text)
    {
        var earliest = now - (long)MostBehind.TotalMilliseconds;
        if (reader.Reached >= earliest) return;
        Append(text, "lost", new JsonObject { ["kind"] = reader.Kind, ["start"] = reader.Reached, ["end"] = earliest });
        reader.Resume(earliest);
    }

    private long Reached(long now) => _readers.Select(reader => reader.Reached).DefaultIfEmpty(now).Min();

    private static void Append(StringBuilder text, string kind, JsonObject shown) =>
        text.Append("event: ").Append(kind).Append("\ndata: ").Append(shown.ToJsonString(ContractJson.Options)).Append("\n\n");

    private async Task Say(Stream to, string text, CancellationToken stop)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
        await to.FlushAsync(stop);
        _spoke = clock.Now;
    }
}
