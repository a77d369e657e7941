using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;

namespace OrleansAuth.Hosting;

/// <summary>
/// The engine of this build: Microsoft Orleans. A silo in this process, alone or as a member of a cluster, or a client of a
/// cluster's silos. The only place that knows it, with <see cref="ClusterSettings"/> and <see cref="PushStreams"/>.
/// </summary>
internal static class EngineSetup
{
    public const string Name = "orleans";

    /// <summary>The streams that webhooks listen to.</summary>
    public const string Streams = "webhooks";

    /// <summary>Whether a host without a web tier makes sense.</summary>
    public static bool RunsAlone => true;

    /// <summary>Whether the web tier calls grains in other processes, so that this one hosts none.</summary>
    public static bool WebIsClient(IConfiguration settings) => ClusterSettings.From(settings) is not null;

    /// <summary>Runs a silo in this host: a member of the cluster that the settings name, or else alone on this machine.</summary>
    public static IServiceCollection AddGrainEngine(this IServiceCollection services, IConfiguration settings)
    {
        services.AddLogging(Quiet).AddExceptions();
        services.AddOptions<EndpointOptions>().Configure<IConfiguration>(Endpoints);
        var cluster = ClusterSettings.From(settings);
        if (cluster is null) services.AddSingleton<IReminderTable, StoredReminders>();
        return services.AddOrleans(silo =>
        {
            if (cluster is not null) cluster.Join(silo);
            else silo.UseDevelopmentClustering(primarySiloEndpoint: null).Configure<ClusterOptions>(ClusterSettings.Alone).AddReminders();
            silo.AddOutgoingGrainCallFilter<CallTrace>()
                .AddIncomingGrainCallFilter<CallTrace>()
                .AddPushStreams(Streams)
                // A call that meets a deactivation is forwarded; two forwards, the default, are too few when many meet at once.
                .Configure<SiloMessagingOptions>(options => options.MaxForwardCount = 20);
        });
    }

    /// <summary>Reaches the grains of the cluster that the settings name, from a host that has none. Its start waits for a silo.</summary>
    public static IServiceCollection AddGrainClient(this IServiceCollection services, IConfiguration settings)
    {
        var cluster = ClusterSettings.From(settings) ?? throw new InvalidOperationException("There is no cluster to be a client of.");
        services.AddLogging(Quiet).AddExceptions();
        return services.AddOrleansClient(client => cluster.Call(client.AddOutgoingGrainCallFilter<CallTrace>()));
    }

    /// <summary>
    /// Lets every exception travel from a silo to its caller. Orleans knows those of the runtime only: a store that is away, and what its
    /// driver says about that, would reach the web tier as something that cannot be read, which is a bug and not an outage.
    /// </summary>
    internal static IServiceCollection AddExceptions(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedExceptionTypeFilter = static _ => true);

    // The point keeps the filter off categories of ours, which begin with OrleansAuth. The silo's own warnings of every start ask
    // for the server's garbage collector, which this server does not want; the watchdog measures from the machine's start.
    private static void Quiet(ILoggingBuilder logging) => logging
        .AddFilter("Orleans.", LogLevel.Warning)
        .AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
        .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

    /// <summary>
    /// Loopback unless <c>Silo:Address</c> says which address other machines reach this one by. A port that nobody chose is a
    /// free one; the gateway, which lets other processes call grains, is closed for a silo that is alone unless it has a port.
    /// </summary>
    private static void Endpoints(EndpointOptions options, IConfiguration settings)
    {
        options.AdvertisedIPAddress = ClusterSettings.Address(settings);
        options.SiloPort = ClusterSettings.Port(settings, "Silo:Port") is var port and not 0 ? port : FreePort(options.AdvertisedIPAddress);
        options.GatewayPort = ClusterSettings.Port(settings, "Silo:GatewayPort") is var gateway and not 0 ? gateway
            : ClusterSettings.From(settings) is not null ? FreePort(options.AdvertisedIPAddress) : 0;
    }

    /// <summary>Orleans makes the port part of the silo's name, so it has to be known before it is opened.</summary>
    private static int FreePort(IPAddress address)
    {
        using var probe = new TcpListener(address, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
