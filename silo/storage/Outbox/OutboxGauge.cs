using System.Diagnostics.Metrics;
using OrleansAuth.Common;

namespace OrleansAuth.Storage.Outbox;

/// <summary>
/// How much waits in the outbox, and since when, by family of queues (<c>webhook</c> for the queues of all webhooks). The store
/// is asked when somebody looks, every ten seconds at most. The outbox belongs to the whole cluster: every process tells the same.
/// </summary>
public sealed class OutboxGauge : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly Meter _meter = new(Telemetry.Name);
    private readonly IStoreReader _store;
    private readonly Clock _clock;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private volatile Sample _last = new([], long.MinValue);

    public OutboxGauge(IStoreReader store, Clock clock)
    {
        (_store, _clock) = (store, clock);
        _meter.CreateObservableGauge("orleansauth.outbox.waiting", () => Tell(f => f.Waiting), "{entry}", "Deliveries that wait in the outbox.");
        _meter.CreateObservableGauge("orleansauth.outbox.parked", () => Tell(f => f.Parked), "{entry}", "Deliveries that were given up and are kept.");
        _meter.CreateObservableGauge("orleansauth.outbox.oldest.age", () => Tell(f => f.Oldest), "s", "Age of the oldest delivery that waits.");
    }

    /// <summary>Asks the store, unless somebody did lately. A store that is away leaves what was known.</summary>
    public async Task Refresh(CancellationToken stop = default)
    {
        if (IsFresh || !await _asking.WaitAsync(0, stop).ConfigureAwait(false)) return;
        try
        {
            _last = new Sample(await Ask(stop).ConfigureAwait(false), _clock.Time.GetTimestamp());
        }
        catch (Exception error) when (error is StoreUnavailableException or OperationCanceledException)
        {
            // Whether the store answers is told elsewhere.
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose()
    {
        _meter.Dispose();
        _asking.Dispose();
    }

    private bool IsFresh => _last.Taken != long.MinValue && _clock.Time.GetElapsedTime(_last.Taken) < Fresh;

    private async Task<List<Family>> Ask(CancellationToken stop)
    {
        var now = _clock.Now;
        var queues = await _store.Query(
            "select queue, sum(case when parked_instant is null then 1 else 0 end) as waiting, count(*) as entries, "
            + "min(case when parked_instant is null then insert_instant end) as oldest from outbox group by queue",
            row => (Queue: row.Text("queue"), Waiting: row.Long("waiting"), All: row.Long("entries"), Oldest: row.NullableLong("oldest")), stop).ConfigureAwait(false);
        return [.. queues.GroupBy(queue => queue.Queue.Split('/')[0]).Select(family => new Family(
            family.Key, family.Sum(q => q.Waiting), family.Sum(q => q.All - q.Waiting),
            family.Min(q => q.Oldest) is { } oldest ? Math.Max(0, now - oldest) / 1000.0 : 0))];
    }

    /// <summary>Whoever fetches metrics has the sample refreshed before; whoever is sent them gets it one round late.</summary>
    private IEnumerable<Measurement<double>> Tell(Func<Family, double> value)
    {
        if (!IsFresh) _ = Task.Run(() => Refresh());
        return _last.Families.Select(family => new Measurement<double>(value(family), Telemetry.Label("queue", family.Name)));
    }

    private sealed record Family(string Name, double Waiting, double Parked, double Oldest);

    private sealed record Sample(List<Family> Families, long Taken);
}
