using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Configuration;
using OrleansAuth.Storage;

namespace OrleansAuth.Hosting;

/// <summary>The engine of this build: grains in this process. The only place that knows it.</summary>
internal static class EngineSetup
{
    public const string Name = "embedded";

    /// <summary>Whether a host without a web tier makes sense.</summary>
    public static bool RunsAlone => false;

    /// <summary>Runs grains in this host.</summary>
    public static IServiceCollection AddGrainEngine(this IServiceCollection services) => services
        .AddSingleton<IReminderTable, StoredReminders>()
        .AddEmbeddedGrains(options => options.Assemblies.Add(typeof(ConfigurationGrain).Assembly));

    /// <summary>Reminders in the store's own table, so that they survive a restart.</summary>
    private sealed class StoredReminders(IStore store) : IReminderTable
    {
        public Task<IReadOnlyList<ReminderEntry>> ReadAll(CancellationToken stop) => store.Query(
            "select grain_type, grain_key, name, first_tick, period, next_due from reminder",
            row => new ReminderEntry(
                row.Text("grain_type"), row.Text("grain_key"), row.Text("name"), DateTimeOffset.FromUnixTimeMilliseconds(row.Long("first_tick")),
                TimeSpan.FromMilliseconds(row.Long("period")), DateTimeOffset.FromUnixTimeMilliseconds(row.Long("next_due"))),
            stop);

        public Task Upsert(ReminderEntry entry) => store.Apply(new Commit().Upsert(
            Tables.Reminder,
            ("grain_type", entry.GrainType), ("grain_key", entry.GrainKey), ("name", entry.Name), ("first_tick", entry.FirstDue.ToUnixTimeMilliseconds()),
            ("period", (long)entry.Period.TotalMilliseconds), ("next_due", entry.NextDue.ToUnixTimeMilliseconds())));

        public Task Remove(string grainType, string grainKey, string name) => store.Apply(new Commit().Delete(
            Tables.Reminder, ("grain_type", grainType), ("grain_key", grainKey), ("name", name)));
    }
}
