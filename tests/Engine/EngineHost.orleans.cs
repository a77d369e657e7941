using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;

namespace OrleansAuth.Engine;

/// <summary>A silo of its own with the test grains, on a free port.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;

    private EngineHost(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>What test grains tell the test about themselves.</summary>
    public Witness Witness => _host.Services.GetRequiredService<Witness>();

    /// <summary>What carries messages between silos.</summary>
    public Serializer Serializer => _host.Services.GetRequiredService<Serializer>();

    public static async Task<EngineHost> Start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<Witness>().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePort(), gatewayPort: 0)
            .Configure<SiloMessagingOptions>(options => options.MaxForwardCount = 20)
            .AddMemoryStreams("test", streams => streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly))
            .UseInMemoryReminderService());
        var host = new EngineHost(builder.Build());
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
