using System.Collections.Concurrent;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>
/// Notices devices that ask more often than they were told to (RFC 8628, section 3.5). Kept in memory, of each node for
/// itself, for a bounded number of devices: who is forgotten is only let ask once too often.
/// </summary>
internal sealed class DevicePolls(Clock clock)
{
    /// <summary>How long a device waits between two questions, in seconds.</summary>
    public const int Interval = 5;

    /// <summary>What a device waits longer each time that it did not wait, in seconds.</summary>
    private const int Step = 5;
    private const int MostDevices = 20_000;

    private readonly ConcurrentDictionary<Guid, Pace> _paces = new();

    /// <summary>Notes a question; true where it comes too early, and from then on the device has to wait longer.</summary>
    /// <param name="id">Of the device's request.</param>
    public bool IsTooEarly(Guid id)
    {
        var now = clock.Now;
        var early = false;
        if (_paces.Count >= MostDevices) Forget(now);
        _paces.AddOrUpdate(id, _ => new Pace(now, Interval), (_, pace) =>
        {
            // A second is let pass, for networks that deliver one question late and the next one early.
            early = now < pace.Last + (pace.Seconds * 1000L) - 1000;
            return new Pace(now, early ? pace.Seconds + Step : pace.Seconds);
        });
        return early;
    }

    /// <summary>The device has its answer.</summary>
    public void Forget(Guid id) => _paces.TryRemove(id, out _);

    private void Forget(long now)
    {
        foreach (var (id, pace) in _paces)
            if (pace.Last + (2L * pace.Seconds * 1000) < now) _paces.TryRemove(id, out _);
        if (_paces.Count >= MostDevices) _paces.Clear();
    }

    private sealed record Pace(long Last, int Seconds);
}
