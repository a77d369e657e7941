using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// All reminders of the process, each with a clock of its own. The table holds when each is due next and is written
/// after every tick, so a restart knows which one was missed. Changes of the table happen one at a time, and each looks first
/// whether it still stands: otherwise the note that a tick was delivered could bring back a reminder that its grain
/// ended meanwhile.
/// </summary>
internal sealed class ReminderService(GrainEngine engine)
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), Armed> _armed = new();
    private readonly TurnQueue _changing = new();
    private IReminderTable? _table;
    private volatile bool _stopped;

    public async Task Start(CancellationToken stop)
    {
        _table = engine.ServiceProvider.GetService<IReminderTable>();
        if (_table is null) return;
        foreach (var entry in await _table.ReadAll(stop).ConfigureAwait(false))
        {
            if (engine.Classes.Named(entry.GrainType) is { } type) Arm(entry, type);
            else engine.Log.ReminderOfUnknownGrain(entry.Name, entry.GrainType);
        }
    }

    public void Stop()
    {
        _stopped = true;
        foreach (var (_, armed) in _armed) armed.Clock.Dispose();
    }

    /// <exception cref="InvalidOperationException">No table is registered, or the grain cannot receive reminders.</exception>
    public async Task<IGrainReminder> Register(Activation activation, string name, TimeSpan due, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(due, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, engine.Options.MinimumReminderPeriod);
        var id = activation.GrainId;
        if (activation is not { Instance: IRemindable, Class: { IsGeneric: false, Workers: 0 } })
            throw new InvalidOperationException($"{id} cannot have reminders: its class must implement IRemindable, and be neither generic nor a stateless worker.");

        var first = engine.Time.GetUtcNow() + due;
        var entry = new ReminderEntry(id.Type.Value, id.Key.Value, name, first, period, first);
        await Change(async table =>
        {
            await table.Upsert(entry).ConfigureAwait(false);
            Arm(entry, activation.Class);
        }).ConfigureAwait(false);
        return new Reminder(name);
    }

    public Task Unregister(GrainId grain, string name) => Change(async table =>
    {
        await table.Remove(grain.Type.Value, grain.Key.Value, name).ConfigureAwait(false);
        if (_armed.TryRemove((grain, name), out var armed)) armed.Clock.Dispose();
    });

    public IGrainReminder? Find(GrainId grain, string name) => _armed.ContainsKey((grain, name)) ? new Reminder(name) : null;

    private async Task Change(Func<IReminderTable, Task> change)
    {
        var table = _table ?? throw new InvalidOperationException("Reminders need an IReminderTable in the service provider, and a started engine.");
        await _changing.Enter(Timeout.InfiniteTimeSpan, engine.Time).ConfigureAwait(false);
        try
        {
            await change(table).ConfigureAwait(false);
        }
        finally
        {
            _changing.Exit();
        }
    }

    private void Arm(ReminderEntry entry, GrainClass type)
    {
        var armed = new Armed(this, entry, type);
        _armed.AddOrUpdate(armed.Key, armed, (_, before) =>
        {
            before.Clock.Dispose();
            return armed;
        });
        armed.SetClock();
    }

    /// <summary>Delivers a tick, notes it, and arms the next one: the next due time after now, so missed ticks come as one.</summary>
    private async Task Fire(Armed armed)
    {
        var (entry, now) = (armed.Entry, engine.Time.GetUtcNow());
        try
        {
            if (_stopped) return;
            await engine.Run(armed.Type, armed.Key.Grain, new Tick(entry, now)).ConfigureAwait(false);
        }
        catch (SiloUnavailableException)
        {
            return;
        }
        catch (Exception error)
        {
            engine.Log.ReminderFailed(error, entry.Name, armed.Key.Grain);
        }

        var missed = Math.Max(0, (engine.Time.GetUtcNow() - entry.FirstDue).Ticks / entry.Period.Ticks);
        var next = entry with { NextDue = entry.FirstDue + (entry.Period * (missed + 1)) };
        try
        {
            await Change(async table =>
            {
                // Ended or replaced while the tick ran: nothing to note.
                if (!_armed.TryGetValue(armed.Key, out var current) || current != armed) return;
                armed.Entry = next;
                armed.SetClock();
                await table.Upsert(next).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            engine.Log.ReminderFailed(error, entry.Name, armed.Key.Grain);
        }
    }

    /// <summary>A reminder whose clock runs in this process.</summary>
    private sealed class Armed
    {
        private readonly ReminderService _service;

        public Armed(ReminderService service, ReminderEntry entry, GrainClass type)
        {
            (_service, Entry, Type) = (service, entry, type);
            Key = (GrainId.Create(entry.GrainType, entry.GrainKey), entry.Name);
            using var bare = ExecutionContext.SuppressFlow();
            Clock = service.Time.CreateTimer(static a => ((Armed)a!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public (GrainId Grain, string Name) Key { get; }

        public GrainClass Type { get; }

        public ITimer Clock { get; }

        public ReminderEntry Entry { get; set; }

        /// <summary>The system's timers reach 49 days; what is due later is looked at again then.</summary>
        public void SetClock()
        {
            var wait = Entry.NextDue - _service.Time.GetUtcNow();
            Clock.Change(TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, TimeSpan.TicksPerDay)), Timeout.InfiniteTimeSpan);
        }

        private void Ring()
        {
            if (Entry.NextDue > _service.Time.GetUtcNow()) SetClock();
            else _ = _service.Fire(this);
        }
    }

    private TimeProvider Time => engine.Time;

    private sealed record Reminder(string ReminderName) : IGrainReminder;

    private sealed class Tick(ReminderEntry entry, DateTimeOffset now) : Call
    {
        public override string Name => $"reminder {entry.Name}";

        public override bool IsPatient => true;

        protected override Task Invoke(Grain grain) =>
            ((IRemindable)grain).ReceiveReminder(entry.Name, new TickStatus(entry.FirstDue.UtcDateTime, entry.Period, now.UtcDateTime));
    }
}
