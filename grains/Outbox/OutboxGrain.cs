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
/// waits for a delivery; <see cref="Wake"/> comes in beside it. Deliveries run on the pool; what follows from them is decided
/// here, one piece of code at a time. The reminder is the net under the bell, for rows that a dead process has left.
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

    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<Guid, Task> _busy = [];
    private readonly Queue<OutboxRow> _ready = [];
    private Task<bool>? _ring;
    private IOutboxQueue? _queue;
    private IGrainTimer? _pump;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _queue = queues.Find(this.GetPrimaryKeyString());
        if (_queue is null) return;
        if (await this.GetReminder(ReminderName) is null) await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
        _pump = this.RegisterGrainTimer(Pump, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A pump that runs hears it by the channel, one that rests by its timer.</summary>
    public Task Wake()
    {
        _rings.Writer.TryWrite(true);
        _pump?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public async Task<bool> Resend(Guid id)
    {
        if (_queue is not { } queue || !await outbox.IsParked(queue.Name, id)) return false;
        await store.Apply(new Commit().Unpark(id, queue.Name, clock.Now));
        return true;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Wake();
        if (_queue is { } queue) await RemoveOld(queue);
    }

    private async Task Pump(CancellationToken stop)
    {
        var stopping = host.ApplicationStopping;
        while (!stop.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            await Begin();
            if (_busy.Count == 0) return;
            await Task.WhenAny([.. _busy.Values, Ring()]);
            foreach (var (id, _) in _busy.Where(delivery => delivery.Value.IsCompleted).ToList()) _busy.Remove(id);
        }

        _ready.Clear();
        await Task.WhenAll(_busy.Values);
    }

    /// <summary>Ends when somebody has rung since the last time that it ended.</summary>
    private Task<bool> Ring()
    {
        if (_ring is { IsCompleted: true })
        {
            _rings.Reader.TryRead(out _);
            _ring = null;
        }

        return _ring ??= _rings.Reader.WaitToReadAsync().AsTask();
    }

    /// <summary>Begins what may be delivered now, as far as there is room.</summary>
    private async Task Begin()
    {
        var limits = _queue!.Limits;
        if (_busy.Count >= limits.Parallel) return;
        if (_ready.Count == 0) await Read(limits);
        while (_busy.Count < limits.Parallel && _ready.TryDequeue(out var row)) _busy.Add(row.Id, Deliver(row));
    }

    private async Task Read(OutboxLimits limits)
    {
        try
        {
            // Those in hand are still the first of their subjects, so they are among what is found.
            var now = clock.Now;
            foreach (var row in await outbox.Due(_queue!.Name, now, (ReadAhead * limits.Parallel) + _busy.Count))
                if (!_busy.ContainsKey(row.Id)) _ready.Enqueue(row);
            if (_ready.Count == 0 && await outbox.NextDue(_queue.Name, now) is { } next) bell.RingAt(_queue.Name, next);
        }
        catch (StoreUnavailableException reason)
        {
            log.LogWarning("The queue {Queue} cannot be read: {Reason}", _queue!.Name, reason.Message);
            bell.RingAt(_queue.Name, clock.Now + (long)AfterOutage.TotalMilliseconds);
        }
    }
}
