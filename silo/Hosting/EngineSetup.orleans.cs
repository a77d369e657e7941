using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace OrleansAuth.Hosting;

/// <summary>The engine of this build: a silo of Microsoft Orleans in this process. The only place that knows it.</summary>
internal static class EngineSetup
{
    public const string Name = "orleans";

    /// <summary>Whether a host without a web tier makes sense.</summary>
    public static bool RunsAlone => true;

    /// <summary>
    /// Runs a silo in this host, alone on this machine. Membership and reminders on PostgreSQL come with the cluster's
    /// deployment.
    /// </summary>
    public static IServiceCollection AddGrainEngine(this IServiceCollection services) => services.AddOrleans(silo => silo
        .UseLocalhostClustering()
        .UseInMemoryReminderService()
        // A call that meets a deactivation is forwarded; two forwards, the default, are too few when many meet at once.
        .Configure<SiloMessagingOptions>(options => options.MaxForwardCount = 20));
}
