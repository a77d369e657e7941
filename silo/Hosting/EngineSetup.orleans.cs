using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace OrleansAuth.Hosting;

/// <summary>The engine of this build: a silo of Microsoft Orleans in this process. The only place that knows it.</summary>
internal static class EngineSetup
{
    public const string Name = "orleans";

    /// <summary>Whether a host without a web tier makes sense.</summary>
    public static bool RunsAlone => true;

    /// <summary>
    /// Runs a silo in this host, alone on this machine. Membership on PostgreSQL comes with the cluster's deployment, and
    /// with it a reminder table for many silos.
    /// </summary>
    public static IServiceCollection AddGrainEngine(this IServiceCollection services)
    {
        // The point keeps the filter off categories of ours, which begin with OrleansAuth.
        // The silo's own warnings of every start ask for the server's garbage collector, which this server does not want.
        services.AddLogging(logging => logging.AddFilter("Orleans.", LogLevel.Warning).AddFilter("Orleans.Runtime.Silo", LogLevel.Error));
        services.AddOptions<EndpointOptions>().Configure<IConfiguration>(Endpoints);
        services.AddSingleton<IReminderTable, StoredReminders>();
        return services.AddOrleans(silo => silo
            .UseDevelopmentClustering(primarySiloEndpoint: null)
            .Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = "orleansauth")
            .AddReminders()
            // A call that meets a deactivation is forwarded; two forwards, the default, are too few when many meet at once.
            .Configure<SiloMessagingOptions>(options => options.MaxForwardCount = 20));
    }

    /// <summary>
    /// Loopback only. A port that nobody chose is a free one; the gateway, which lets other processes call grains, is
    /// closed unless it has a port.
    /// </summary>
    private static void Endpoints(EndpointOptions options, IConfiguration settings)
    {
        options.AdvertisedIPAddress = IPAddress.Loopback;
        options.SiloPort = Port(settings, "Silo:Port") is var port and not 0 ? port : FreePort();
        options.GatewayPort = Port(settings, "Silo:GatewayPort");
    }

    private static int Port(IConfiguration settings, string name)
    {
        if (settings[name] is not { Length: > 0 } text) return 0;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new SettingsException($"{name} is '{text}'; it is a port between 1 and {IPEndPoint.MaxPort}, or 0 for none chosen.");
    }

    /// <summary>Orleans makes the port part of the silo's name, so it has to be known before it is opened.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
