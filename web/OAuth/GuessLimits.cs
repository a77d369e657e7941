using System.Net;
using System.Net.Sockets;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>
/// Slows down who guesses short codes (RFC 8628, section 5.1). Each try costs one point of a budget of its address and one of
/// the budget of all; a right one is paid back; budgets fill up again with time. Memory is bounded: addresses share a fixed
/// number of budgets, by a hash that nobody outside can foresee. Each node of a cluster counts for itself.
/// </summary>
internal sealed class GuessLimits(Clock clock)
{
    /// <summary>Wrong tries of one address before it has to wait.</summary>
    public const int PerAddress = 10;

    /// <summary>Wrong tries of all addresses together before everybody has to wait.</summary>
    public const int Overall = 500;

    /// <summary>How long an empty budget takes to fill up, in milliseconds.</summary>
    public const long Window = 300_000;

    private const int Slots = 8192;

    private readonly Lock _lock = new();
    private readonly Budget[] _addresses = new Budget[Slots];
    private Budget _all;

    /// <summary>Takes a point for a try that is about to be made.</summary>
    /// <returns>Null where the try may be made, else how long to wait.</returns>
    public TimeSpan? Charge(IPAddress? address)
    {
        var now = clock.Now;
        lock (_lock)
        {
            ref var own = ref _addresses[SlotOf(address)];
            var wait = Math.Max(own.Wait(now, PerAddress), _all.Wait(now, Overall));
            if (wait > 0) return TimeSpan.FromMilliseconds(wait);
            own.Add(1, now, PerAddress);
            _all.Add(1, now, Overall);
            return null;
        }
    }

    /// <summary>Pays the point back: the try was right.</summary>
    public void Refund(IPAddress? address)
    {
        var now = clock.Now;
        lock (_lock)
        {
            _addresses[SlotOf(address)].Add(-1, now, PerAddress);
            _all.Add(-1, now, Overall);
        }
    }

    /// <summary>One household has a whole /64 of IPv6, so that counts as one address.</summary>
    private static int SlotOf(IPAddress? address)
    {
        if (address is null) return 0;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var hash = default(HashCode);
        hash.AddBytes(address.AddressFamily == AddressFamily.InterNetworkV6 ? address.GetAddressBytes().AsSpan(0, 8) : address.GetAddressBytes());
        return (int)((uint)hash.ToHashCode() % Slots);
    }

    /// <summary>Points that were spent, melting away evenly: the whole limit in one <see cref="Window"/>.</summary>
    private struct Budget
    {
        private double _spent;
        private long _at;

        /// <summary>Milliseconds until a point is there; 0 where one is.</summary>
        public readonly long Wait(long now, int limit)
        {
            var over = SpentAt(now, limit) + 1 - limit;
            return over <= 0 ? 0 : (long)Math.Ceiling(over * Window / limit);
        }

        public void Add(int points, long now, int limit) => (_spent, _at) = (Math.Max(0, SpentAt(now, limit) + points), now);

        private readonly double SpentAt(long now, int limit) => Math.Max(0, _spent - ((double)Math.Max(0, now - _at) * limit / Window));
    }
}
