using OrleansAuth.Storage.Audit;

namespace OrleansAuth.Audit;

/// <summary>
/// Reads on in one log. Entries bear the instant of what they tell, and a commit that took long brings one that is older than what has been
/// read: so a stretch behind the place is looked through again, and what has been read there is remembered. Entries may come out of
/// their order by that, and none is left out that is at most <see cref="Late"/> late.
/// </summary>
internal sealed class TailReader(TailSource source)
{
    /// <summary>The longest that a commit takes after the instant of its entries: a transaction waits 30 seconds for receivers.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(35);

    /// <summary>So many entries are read at once.</summary>
    public const int AtOnce = 200;

    /// <summary>So many are remembered, the newest: where more come within <see cref="Late"/>, less is looked through again.</summary>
    private const int MostRemembered = 2_000;

    private readonly Dictionary<Guid, long> _seen = [];
    private LogPlace _place;
    private long _from;

    public string Kind => source.Kind;

    /// <summary>Everything before this instant has been read, but what comes late.</summary>
    public long Reached { get; private set; }

    /// <summary>Starts with what comes from now on.</summary>
    public async Task Begin(long now, CancellationToken stop)
    {
        (_from, Reached) = (now - (long)Late.TotalMilliseconds, now);
        var known = await source.UpTo(new LogPlace(long.MaxValue, Guid.Empty), _from, MostRemembered, stop);
        foreach (var place in known) _seen[place.Id] = place.Instant;
        _place = known.Count > 0 ? known[0] : LogPlace.At(now);
        Forget();
    }

    /// <summary>Goes on where another reader stopped; what that one read in the last moments comes again.</summary>
    public void Resume(long reached)
    {
        (_from, Reached) = (reached - (long)Late.TotalMilliseconds, reached);
        _place = LogPlace.At(_from);
        _seen.Clear();
    }

    /// <summary>What has come since, and whether there is more of it.</summary>
    public async Task<(IReadOnlyList<TailEntry> Entries, bool IsMore)> Next(long now, CancellationToken stop)
    {
        var next = await source.After(_place, AtOnce, stop);
        if (next.Count > 0) _place = next[^1].Place;
        foreach (var entry in next) _seen[entry.Place.Id] = entry.Place.Instant;
        if (next.Count == AtOnce)
        {
            Reached = Math.Max(Reached, _place.Instant);
            Forget();
            return (next, true);
        }

        _from = Math.Max(_from, now - (long)Late.TotalMilliseconds);
        Forget();
        var late = (await source.UpTo(_place, _from, MostRemembered, stop)).Where(place => !_seen.ContainsKey(place.Id)).Take(AtOnce).Select(place => place.Id).ToArray();
        Reached = now;
        if (late.Length == 0) return (next, false);
        var found = await source.Named(late, stop);
        foreach (var entry in found) _seen[entry.Place.Id] = entry.Place.Instant;
        return ([.. found, .. next], late.Length == AtOnce);
    }

    private void Forget()
    {
        if (_seen.Count > MostRemembered)
        {
            var kept = _seen.Values.Order().ElementAt(_seen.Count - MostRemembered);
            // Entries of the instant that is cut through would come again.
            _from = Math.Max(_from, kept + 1);
        }

        foreach (var (id, instant) in _seen)
            if (instant < _from) _seen.Remove(id);
    }
}
