using System.Collections.Concurrent;
using OrleansAuth.Common;

namespace OrleansAuth.Engine;

public sealed class ReminderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly ManualTime _time = new();
    private readonly MemoryTable _table = new();

    [Fact]
    public async Task A_reminder_fires_when_due_and_after_each_period()
    {
        await using var host = await Start();
        await Reminded(host).Arm("tidy", Hour, Hour * 2);
        _time.Advance(Hour);
        Assert.Equal("tidy at 13:00, first 13:00", await host.Witness.Next("r reminded"));
        await _table.Noted(_time.UtcNow + (Hour * 2));
        _time.Advance(Hour * 2);
        Assert.Equal("tidy at 15:00, first 13:00", await host.Witness.Next("r reminded"));
    }

    [Fact]
    public async Task A_reminder_fires_after_a_restart()
    {
        await using (var before = await Start()) await Reminded(before).Arm("tidy", Hour, Hour);
        await using var after = await Start();
        _time.Advance(Hour);
        Assert.Equal("tidy at 13:00, first 13:00", await after.Witness.Next("r reminded"));
    }

    [Fact]
    public async Task Ticks_missed_while_the_process_was_down_come_as_one_and_the_next_is_on_time()
    {
        await using (var before = await Start()) await Reminded(before).Arm("tidy", Hour, Hour);
        _time.Advance(Hour * 3.5);
        await using var after = await Start();
        Assert.Equal("tidy at 15:30, first 13:00", await after.Witness.Next("r reminded"));
        await _table.Noted(_time.UtcNow + (Hour * 0.5));
        _time.Advance(Hour * 0.5);
        Assert.Equal("tidy at 16:00, first 13:00", await after.Witness.Next("r reminded"));
        Assert.Equal(2, after.Witness.Count("r reminded"));
    }

    [Fact]
    public async Task A_tick_that_was_delivered_is_not_repeated_by_a_restart()
    {
        await using (var before = await Start())
        {
            await Reminded(before).Arm("tidy", Hour, Hour * 24);
            _time.Advance(Hour);
            await before.Witness.Next("r reminded");
            await _table.Noted(_time.UtcNow + (Hour * 24));
        }

        await using var after = await Start();
        _time.Advance(Hour * 24);
        Assert.Equal("tidy at 13:00, first 13:00", await after.Witness.Next("r reminded"));
        Assert.Equal(1, after.Witness.Count("r reminded"));
    }

    [Fact]
    public async Task A_reminder_that_nobody_waits_for_any_more_is_not_set()
    {
        await using var host = await Start();
        Assert.True(await Reminded(host).ArmTooLate("tidy"));
        Assert.Empty(_table.Entries);
        Assert.False(await Reminded(host).Disarm("tidy"));
    }

    [Fact]
    public async Task An_unregistered_reminder_stays_silent_also_after_a_restart()
    {
        await using (var before = await Start())
        {
            await Reminded(before).Arm("tidy", Hour, Hour);
            Assert.True(await Reminded(before).Disarm("tidy"));
            Assert.False(await Reminded(before).Disarm("tidy"));
            _time.Advance(Hour * 2);
            Assert.Equal(0, before.Witness.Count("r reminded"));
        }

        Assert.Empty(_table.Entries);
        await using var after = await Start();
        Assert.Equal(1, _time.ArmedTimers);
    }

    [Fact]
    public async Task A_reminder_that_its_grain_ends_during_the_tick_does_not_come_back()
    {
        await using var host = await Start();
        await Reminded(host).Arm("once", Hour, Hour);
        _time.Advance(Hour);
        await host.Witness.Next("r reminded");
        Assert.False(await Reminded(host).Disarm("once").WaitAsync(Limit));
        await host.Stop();
        Assert.Empty(_table.Entries);
    }

    [Fact]
    public async Task A_reminder_that_fails_comes_again()
    {
        await using var host = await Start();
        await Reminded(host).Arm("failing", Hour, Hour);
        _time.Advance(Hour);
        await host.Witness.Next("r reminded");
        await _table.Noted(_time.UtcNow + Hour);
        _time.Advance(Hour);
        await host.Witness.Next("r reminded");
    }

    [Fact]
    public async Task Registering_again_replaces_the_reminder()
    {
        await using var host = await Start();
        await Reminded(host).Arm("tidy", Hour, Hour);
        await Reminded(host).Arm("tidy", Hour * 5, Hour);
        _time.Advance(Hour * 4);
        Assert.Equal(0, host.Witness.Count("r reminded"));
        Assert.Single(_table.Entries);
        _time.Advance(Hour);
        Assert.Equal("tidy at 17:00, first 17:00", await host.Witness.Next("r reminded"));
    }

    [Fact]
    public async Task A_reminder_may_be_due_in_months()
    {
        await using var host = await Start();
        await Reminded(host).Arm("far", TimeSpan.FromDays(100), Hour);
        _time.Advance(TimeSpan.FromDays(99.9));
        Assert.Equal(0, host.Witness.Count("r reminded"));
        _time.Advance(TimeSpan.FromDays(0.1));
        await host.Witness.Next("r reminded");
    }

    [Fact]
    public async Task A_reminder_of_a_grain_type_that_is_gone_is_kept_and_harms_nobody()
    {
        await _table.Upsert(new ReminderEntry("test-gone", "k", "tidy", _time.UtcNow, Hour, _time.UtcNow));
        await using var host = await Start();
        _time.Advance(Hour * 3);
        Assert.Single(_table.Entries);
    }

    [Fact]
    public async Task A_period_that_is_too_short_is_refused()
    {
        await using var host = await Start();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Reminded(host).Arm("tidy", Hour, TimeSpan.FromSeconds(59)));
    }

    [Fact]
    public async Task Without_a_table_reminders_are_refused_with_a_reason()
    {
        await using var host = await EngineHost.Start();
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Reminded(host).Arm("tidy", Hour, Hour));
        Assert.Contains(nameof(IReminderTable), refusal.Message);
    }

    private static IRemindedGrain Reminded(EngineHost host) => host.Grains.GetGrain<IRemindedGrain>("r");

    private Task<EngineHost> Start() => EngineHost.Start(_time, _table);

    /// <summary>A table that outlives the engines over it.</summary>
    private sealed class MemoryTable : IReminderTable
    {
        private readonly ConcurrentDictionary<DateTimeOffset, TaskCompletionSource> _noted = new();

        public ConcurrentDictionary<(string, string, string), ReminderEntry> Entries { get; } = new();

        public Task Noted(DateTimeOffset nextDue) => Mark(nextDue).Task.WaitAsync(Limit);

        public Task<IReadOnlyList<ReminderEntry>> ReadAll(CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<ReminderEntry>>([.. Entries.Values]);

        public async Task Upsert(ReminderEntry entry)
        {
            await Task.Yield();
            Entries[(entry.GrainType, entry.GrainKey, entry.Name)] = entry;
            Mark(entry.NextDue).TrySetResult();
        }

        public async Task Remove(string grainType, string grainKey, string name)
        {
            await Task.Yield();
            Entries.TryRemove((grainType, grainKey, name), out _);
        }

        private TaskCompletionSource Mark(DateTimeOffset due) =>
            _noted.GetOrAdd(due, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
