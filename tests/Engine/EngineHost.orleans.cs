using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;
using OrleansAuth.Hosting;

namespace OrleansAuth.Engine;

/// <summary>A silo of its own with the test grains, on a free port; or a second one beside another.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IPEndPoint _first;

    private EngineHost(IHost host, IPEndPoint first) => (_host, _first) = (host, first);

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>What test grains tell the test about themselves.</summary>
    public Witness Witness => _host.Services.GetRequiredService<Witness>();

    /// <summary>What carries messages between silos.</summary>
    public Serializer Serializer => _host.Services.GetRequiredService<Serializer>();

    /// <param name="beside">The first silo of the cluster, which this one shares its witness with; null to be the first.</param>
    public static async Task<EngineHost> Start(EngineHost? beside = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var port = FreePort();
        builder.Services.AddExceptions().AddSingleton(beside?.Witness ?? new Witness()).AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(port, gatewayPort: 0, beside?._first)
            .Configure<SiloMessagingOptions>(options => options.MaxForwardCount = 20)
            .AddPushStreams("test")
            .UseInMemoryReminderService());
        var host = new EngineHost(builder.Build(), beside?._first ?? new IPEndPoint(IPAddress.Loopback, port));
        await host._host.StartAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed may leave calls behind that never end; they must not hide its message behind a hang.
        using var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _host.StopAsync(impatient.Token);
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
