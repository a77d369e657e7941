using Microsoft.Extensions.Configuration;
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

    /// <summary>Whether the web tier calls grains in other processes, so that this one hosts none.</summary>
    public static bool WebIsClient(IConfiguration settings) => false;

    /// <summary>Runs grains in this host.</summary>
    /// <exception cref="SettingsException">The settings ask for a cluster.</exception>
    public static IServiceCollection AddGrainEngine(this IServiceCollection services, IConfiguration settings)
    {
        if (settings["Silo:ClusterId"] is { Length: > 0 })
            throw new SettingsException("Silo:ClusterId makes this process part of a cluster, which needs the cluster build (-p:Engine=orleans). Leave it out to run on one machine.");
        return services
            .AddSingleton<IReminderTable, StoredReminders>()
            .AddEmbeddedGrains(options => options.Assemblies.Add(typeof(ConfigurationGrain).Assembly));
    }

    public static IServiceCollection AddGrainClient(this IServiceCollection services, IConfiguration settings) =>
        throw new NotSupportedException("This build hosts its grains itself.");

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
