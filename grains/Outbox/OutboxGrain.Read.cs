using Microsoft.Extensions.Logging;
using OrleansAuth.Storage;

namespace OrleansAuth.Outbox;

/// <summary>
/// How the store is read: in passes from the front to the end, a piece at a time. A pass is broken off for a new one after some pieces where
/// something has happened that only the front shows: an entry that was put off has fallen due, or one has left that others
/// waited for. What is committed meanwhile wakes the queue.
/// </summary>
internal sealed partial class OutboxGrain
{
    /// <summary>Where a pass begins: entries are numbered from 1.</summary>
    private const long Front = 0;

    /// <summary>The least that should be ready, as a multiple of those that may run at once: no place should stand empty while the store is asked for more.</summary>
    private const int LeastAhead = 3;

    /// <summary>Where fewer are ready, the pump is woken at each multiple of this.</summary>
    private const int RungAt = 16;

    /// <summary>Entries read in one go, as a multiple of those that may run at once: the store is asked once for several.</summary>
    private const int MostAhead = 6;

    /// <summary>Pieces of a pass after which a new one may begin.</summary>
    private const int MostReadsOn = 8;

    /// <summary>The store may hold something that may be delivered and that the present pass does not find.</summary>
    private bool _mayHoldMore = true;

    /// <summary>The number of the last entry that the pass has seen; <see cref="Front"/> between passes.</summary>
    private long _readTo = Front;
    private int _readsOn;

    /// <summary>With fewer than so many ready, more are read.</summary>
    private volatile int _least;

    /// <summary>True now and then while fewer are ready than should be, for whoever takes them: it is to be heard, and not each time.</summary>
    private bool IsRunningOut => _hand.Ready is var ready && ready < _least && ready % RungAt == 0;

    private bool IsThereMore => _mayHoldMore || _readTo != Front;

    private async Task ReadAhead(int most)
    {
        (_least, var wanted) = _isCareful ? (1, 1) : (LeastAhead * most, MostAhead * most);
        while (_hand.Ready < _least && IsThereMore)
        {
            var isWhole = _readTo == Front;
            var found = await Read(wanted - _hand.Ready);
            // A whole pass that finds only what has to wait for what is in hand would find the same again.
            if (isWhole && !found && _readTo == Front && _hand.Count > 0) return;
        }
    }

    /// <returns>Whether anything was taken.</returns>
    private async Task<bool> Read(int wanted)
    {
        if (_mayHoldMore && _readsOn >= MostReadsOn) _readTo = Front;
        var (now, isFront, taken) = (clock.Now, _readTo == Front, false);
        if (isFront) (_mayHoldMore, _readsOn) = (false, 0);
        _hand.BeginRead(isFront);
        try
        {
            // What is in hand is found again, from the front.
            var limit = isFront ? wanted + _hand.Count : wanted;
            var putOff = isFront ? await outbox.Due(_name, now, limit) : [];
            var found = await outbox.Fresh(_name, _readTo, _hand.Aside, limit);
            foreach (var row in putOff) taken |= _hand.Take(row);
            foreach (var row in found) taken |= _hand.Take(row);
            (_readTo, _readsOn) = found.Count < limit ? (Front, 0) : (found[^1].Sequence, _readsOn + 1);
            if (putOff.Count >= limit) _mayHoldMore = true;
            if (!IsThereMore && await outbox.NextDue(_name, now) is { } next) bell.RingAt(_name, next);
        }
        catch (StoreUnavailableException reason)
        {
            _readTo = Front;
            log.LogWarning("The queue {Queue} cannot be read: {Reason}", _name, reason.Message);
            bell.RingAt(_name, clock.Now + (long)AfterOutage.TotalMilliseconds);
        }
        finally
        {
            _hand.EndRead();
        }

        return taken;
    }
}
