using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Orleans.Configuration;
using OrleansAuth.Storage;

namespace OrleansAuth.Hosting;

/// <summary>The cluster that a process belongs to: silos that share one PostgreSQL, where they also find each other.</summary>
/// <param name="Id"><c>Silo:ClusterId</c>, at most 100 characters: silos of the same name in one database are one cluster.</param>
internal sealed record ClusterSettings(string Id, string ConnectionString)
{
    private const int LongestId = 100;

    /// <summary>How Orleans' ADO.NET providers call PostgreSQL's driver.</summary>
    private const string Driver = "Npgsql";

    /// <summary>Names what survives all silos: reminders. The same for every cluster of one database.</summary>
    private const string Service = "orleansauth";

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    /// <summary>The cluster that the settings name, or null where a process is to be alone.</summary>
    /// <exception cref="SettingsException">It is named without what a cluster needs.</exception>
    public static ClusterSettings? From(IConfiguration settings)
    {
        if (settings["Silo:ClusterId"] is not { Length: > 0 } id) return null;
        if (id.Length > LongestId) throw new SettingsException($"Silo:ClusterId is longer than {LongestId} characters.");
        var storage = StoreOptions.From(settings);
        return storage.IsPostgres
            ? new(id, storage.ConnectionString!)
            : throw new SettingsException("Silo:ClusterId makes this process part of a cluster, and a cluster keeps everything in PostgreSQL: set Storage:ConnectionString too, or leave Silo:ClusterId out.");
    }

    /// <summary>The name of a silo that is in no cluster.</summary>
    public static void Alone(ClusterOptions options) => options.ClusterId = options.ServiceId = Service;

    /// <summary>Makes a silo a member.</summary>
    public void Join(ISiloBuilder silo) => silo
        .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Driver, ConnectionString))
        .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Driver, ConnectionString))
        .Configure<ClusterOptions>(Named)
        .Configure<ClusterMembershipOptions>(Watch)
        .AddOutgoingGrainCallFilter<SeenConfiguration>()
        .AddIncomingGrainCallFilter<SeenConfiguration>();

    /// <summary>Makes a host without grains a caller of the cluster's.</summary>
    public void Call(IClientBuilder client)
    {
        var losses = new SiloLosses();
        client
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Driver, ConnectionString))
            .Configure<ClusterOptions>(Named)
            // Silos come and go: where to call is looked up often.
            .Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1))
            .AddGatewayCountChangedHandler(losses.GatewaysChanged)
            .AddOutgoingGrainCallFilter<SeenConfiguration>()
            .AddOutgoingGrainCallFilter(new CallAgain(losses))
            .UseConnectionRetryFilter(Again);
    }

    /// <summary>Where other processes reach this silo; loopback unless <c>Silo:Address</c> is set.</summary>
    public static IPAddress Address(IConfiguration settings)
    {
        if (settings["Silo:Address"] is not { Length: > 0 } text) return IPAddress.Loopback;
        return IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address
            : throw new SettingsException($"Silo:Address is '{text}'; it is the IP address by which the other machines of the cluster reach this one.");
    }

    /// <summary>A port of the settings, or 0 where none was chosen.</summary>
    public static int Port(IConfiguration settings, string name)
    {
        if (settings[name] is not { Length: > 0 } text) return 0;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new SettingsException($"{name} is '{text}'; it is a port between 1 and {IPEndPoint.MaxPort}, or 0 for none chosen.");
    }

    private void Named(ClusterOptions options) => (options.ClusterId, options.ServiceId) = (Id, Service);

    /// <summary>
    /// Who misses two probes is gone. Probes follow each other by how fast they are answered, within the two bounds: of a process that
    /// died they fail at once. Of one that stands still with its connections open they do not, and it has to be silent for two of the longest
    /// periods. The second probe is sent by way of another silo, whose voice counts too: so the two votes that are needed come together, and
    /// one silo alone puts nobody out while there are more than two. A silo that is started while the last ones of the table are dead, because all
    /// died at once, believes so when they have not been alive for three seconds.
    /// </summary>
    private static void Watch(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
        options.MinProbeTimeout = TimeSpan.FromMilliseconds(250);
        options.MaxProbeTimeout = TimeSpan.FromMilliseconds(750);
        options.NumMissedProbesLimit = 2;
        options.NumVotesForDeathDeclaration = 2;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
        options.NumMissedTableIAmAliveLimit = 3;
        options.MaxJoinAttemptTime = TimeSpan.FromSeconds(30);
        options.DefunctSiloExpiration = TimeSpan.FromDays(1);
    }

    /// <summary>No silo yet: the web tier may be started first.</summary>
    private static async Task<bool> Again(Exception failure, CancellationToken stop)
    {
        await Task.Delay(BetweenAttempts, TimeProvider.System, stop);
        return !stop.IsCancellationRequested;
    }
}
