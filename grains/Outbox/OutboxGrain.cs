using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

/// <summary>
/// One queue. Its work is a timer's tick that lasts as long as there is something to do, so the turn is its own and no caller
/// waits for a delivery; <see cref="Wake"/> comes in beside it. Deliveries run on the pool, one behind the other in each place while all goes
/// well; what follows from them is decided here, one piece of code at a time. Queues that are always there have a reminder as a net under the bell; under those that come and
/// go is the bell's own.
/// </summary>
[GrainType("outbox")]
internal sealed partial class OutboxGrain(IStore store, OutboxReader outbox, OutboxQueues queues, OutboxBell bell, EventLog eventLog, Clock clock, IHostApplicationLifetime host, ILogger<OutboxGrain> log)
    : Grain, IOutboxGrain, IRemindable
{
    private const string ReminderName = "outbox";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(5);

    /// <summary>Entries read in one go, as a multiple of those that may run at once: the store is asked once for several.</summary>
    private const int ReadAhead = 4;
    private const int FirstPace = 4;

    /// <summary>Entries whose delivery has begun and whose end is not stored, as a multiple of those that may run at once.</summary>
    private const int HeldForEach = 8;

    /// <summary>
    /// Reads that go on behind each other before one begins at the front again. Those in hand stand before them and are not read once
    /// more; what has become the first of its subject meanwhile waits for the front.
    /// </summary>
    private const int MostReadsOn = 8;

    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Entries in hand: read, being delivered, or with an end that is not stored yet.</summary>
    private readonly HashSet<Guid> _busy = [];
    private readonly ConcurrentQueue<OutboxRow> _ready = [];
    private string _name = "";
    private IOutboxQueue? _queue;
    private IGrainTimer? _pump;

    /// <summary>Places in which deliveries run.</summary>
    private int _running;

    /// <summary>Whoever has delivered something takes the next entry without asking here.</summary>
    private volatile bool _goesOn;

    /// <summary>The store has been read up to here; the start where the next read is to begin at the front.</summary>
    private OutboxPlace _readTo = OutboxPlace.Start;
    private int _readsOn;

    /// <summary>What left the hand while the store was being read, which may have been found before that; null while nothing is read.</summary>
    private HashSet<Guid>? _leftMeanwhile;

    /// <summary>The store may hold something that may be delivered and is not in hand.</summary>
    private bool _mayHoldMore = true;

    /// <summary>Nothing is begun before, milliseconds since 1970.</summary>
    private long _restsUntil;

    /// <summary>After a rest, until a delivery shows that it is over.</summary>
    private bool _isCareful;

    /// <summary>How many may run at once in a queue that shares the room with a thousand like it: more after each success, fewer after each failure.</summary>
    private int _pace = FirstPace;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _name = this.GetPrimaryKeyString();
        _queue = queues.Find(_name);
        if (_queue is null) return;
        if (!_queue.IsFamily && await this.GetReminder(ReminderName, cancellationToken) is null)
            await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod, cancellationToken);
        _pump = this.RegisterGrainTimer(Pump, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A pump that runs hears it by the channel, one that rests by its timer.</summary>
    public Task Wake()
    {
        _mayHoldMore = true;
        _rings.Writer.TryWrite(true);
        _pump?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task Resume()
    {
        _restsUntil = 0;
        bell.RestUntil(_name, 0);
        return Wake();
    }

    public async Task<bool> Resend(Guid id)
    {
        if (_queue is null || !await outbox.IsParked(_name, id)) return false;
        await store.Apply(new Commit().Unpark(id, _name, clock.Now));
        return true;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Wake();

    private async Task Pump(CancellationToken stop)
    {
        var stopping = host.ApplicationStopping;
        while (!stop.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            TakeWhatEnded();
            await Begin(_queue!);
            if (_busy.Count == 0) return;
            SettleWhatEnded();
            await _rings.Reader.ReadAsync(CancellationToken.None);
        }

        LayDown();
        while (true)
        {
            TakeWhatEnded();
            if (_busy.Count == 0) return;
            SettleWhatEnded();
            await _rings.Reader.ReadAsync(CancellationToken.None);
        }
    }

    /// <summary>What was read and is not begun is read again, from the front.</summary>
    private void LayDown()
    {
        _goesOn = false;
        while (_ready.TryDequeue(out var row)) _busy.Remove(row.Id);
        _readTo = OutboxPlace.Start;
    }

    /// <summary>Begins what may be delivered now, as far as there is room.</summary>
    private async Task Begin(IOutboxQueue queue)
    {
        if (_restsUntil > clock.Now || await queue.Rests(_name))
        {
            LayDown();
            if (_restsUntil > clock.Now) bell.RestUntil(_name, _restsUntil);
            return;
        }

        var most = _isCareful ? 1 : queue.IsFamily ? _pace : queue.Limits.Parallel;
        // Where ends cannot be stored, nothing is begun that would be delivered over and over.
        _goesOn = _busy.Count - _ready.Count < HeldForEach * queue.Limits.Parallel;
        if (!_goesOn) return;
        while (_ready.Count < most && _mayHoldMore) await Read(_isCareful ? 1 : (ReadAhead * most) - _ready.Count);
        while (_running < most && _ready.TryDequeue(out var row))
        {
            _running++;
            _ = Deliver(row);
        }

        if (_running > most) _goesOn = false;
    }

    /// <summary>Reads on behind what was read before, or from the front.</summary>
    private async Task Read(int wanted)
    {
        _mayHoldMore = false;
        try
        {
            if (_readsOn >= MostReadsOn) _readTo = OutboxPlace.Start;
            var (now, isFront) = (clock.Now, _readTo == OutboxPlace.Start);
            // Those in hand are still the first of their subjects, so they are among what is found at the front.
            var limit = isFront ? wanted + _busy.Count : wanted;
            _leftMeanwhile = [];
            var found = await outbox.Due(_name, now, _readTo, limit);
            foreach (var row in found)
                if (!_leftMeanwhile.Contains(row.Id) && _busy.Add(row.Id)) _ready.Enqueue(row);
            var isEnd = found.Count < limit;
            (_readTo, _readsOn) = isEnd ? (OutboxPlace.Start, 0) : (found[^1].Place, isFront ? 0 : _readsOn + 1);
            // What came to stand before the place meanwhile is found from the front.
            if (!isEnd || !isFront) _mayHoldMore = true;
            else if (_ready.IsEmpty && await outbox.NextDue(_name, now) is { } next) bell.RingAt(_name, next);
        }
        catch (StoreUnavailableException reason)
        {
            log.LogWarning("The queue {Queue} cannot be read: {Reason}", _name, reason.Message);
            bell.RingAt(_name, clock.Now + (long)AfterOutage.TotalMilliseconds);
        }
        finally
        {
            _leftMeanwhile = null;
        }
    }
}
