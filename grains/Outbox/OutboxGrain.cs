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

    private const int FirstPace = 4;

    /// <summary>Entries whose delivery has begun and whose end is not stored, as a multiple of those that may run at once.</summary>
    private const int HeldForEach = 12;

    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Entries that were read, are being delivered, or have an end that is not stored yet.</summary>
    private readonly OutboxHand _hand = new();
    private string _name = "";
    private IOutboxQueue? _queue;
    private IGrainTimer? _pump;

    /// <summary>Places in which deliveries run.</summary>
    private int _running;

    /// <summary>Whoever has delivered something takes the next entry without asking here.</summary>
    private volatile bool _goesOn;

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
            if (_hand.Count == 0) return;
            SettleWhatEnded();
            await _rings.Reader.ReadAsync(CancellationToken.None);
        }

        LayDown();
        while (true)
        {
            TakeWhatEnded();
            if (_hand.Count == 0) return;
            SettleWhatEnded();
            await _rings.Reader.ReadAsync(CancellationToken.None);
        }
    }

    /// <summary>What was read and is not begun is read again, from the front.</summary>
    private void LayDown()
    {
        _goesOn = false;
        _hand.LayDown();
        (_readTo, _mayHoldMore) = (Front, true);
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
        _goesOn = _hand.Count - _hand.Ready < HeldForEach * queue.Limits.Parallel;
        if (!_goesOn) return;
        await ReadAhead(most);
        while (_running < most && _hand.TryTakeReady(out var row))
        {
            _running++;
            _ = Deliver(row);
        }

        if (_running > most) _goesOn = false;
    }
}
