using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Hosting;

/// <summary>
/// A process with grains and without a web tier. Over HTTP it answers its supervisor and Prometheus and nobody else: it asks for
/// no key, so its address belongs into a network that only they reach.
/// </summary>
internal static class SiloServer
{
    /// <summary>Where a silo answers that nobody told another address.</summary>
    public const string DefaultUrl = "http://localhost:9012";

    /// <summary>Runs until the process is told to stop.</summary>
    /// <returns>The exit code: 0, or 1 where the silo could not start.</returns>
    public static async Task<int> Run(string[] args)
    {
        try
        {
            await using var app = Create(args, (services, settings) => services.AddSilo(settings));
            await app.StartAsync();
            app.Services.GetRequiredService<Readiness>().Started();
            await app.WaitForShutdownAsync();
            return Environment.ExitCode;
        }
        catch (Exception reason) when (reason is SettingsException or StoreUnavailableException)
        {
            return await Refuse(reason.Message);
        }
        catch (IOException reason) when (reason.InnerException is AddressInUseException)
        {
            return await Refuse($"{reason.Message} Another program uses this address; stop it, or choose another with --urls: each silo of a machine needs its own.");
        }
    }

    private static async Task<int> Refuse(string reason)
    {
        await Console.Error.WriteLineAsync($"The silo did not start. {reason}");
        return 1;
    }

    /// <param name="add">Adds what the process is for; tests leave the cluster out.</param>
    internal static WebApplication Create(string[] args, Action<IServiceCollection, Microsoft.Extensions.Configuration.IConfiguration> add)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null) builder.WebHost.UseUrls(DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddLogs(builder.Configuration);
        // Why a start failed is said once, by Run: as a sentence, or with its trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        add(builder.Services, builder.Configuration);
        var app = builder.Build();
        app.MapGet("/health/live", HealthAnswers.Live);
        app.MapGet("/health/ready", HealthAnswers.Ready);
        var text = ((IApplicationBuilder)app).New().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
        app.MapGet("/metrics", async http =>
        {
            await http.RequestServices.GetRequiredService<OutboxGauge>().Refresh(http.RequestAborted);
            await text(http);
        });
        return app;
    }
}
