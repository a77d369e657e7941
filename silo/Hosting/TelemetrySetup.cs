using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansAuth.Common;

namespace OrleansAuth.Hosting;

/// <summary>
/// Collects what is measured, for Prometheus to fetch and, where OpenTelemetry's own environment variables name a collector, for
/// sending there; traces are made only then.
/// </summary>
internal static class TelemetrySetup
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Orleans' own names; the embedded engine uses them too, so that one dashboard fits both.</summary>
    private const string EngineMeter = "Microsoft.Orleans";

    private static readonly string[] Meters =
    [
        Telemetry.Name, EngineMeter, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
    ];

    private static readonly string[] Sources = [Telemetry.Name, "Microsoft.Orleans.Application", "Microsoft.AspNetCore", "System.Net.Http"];

    /// <summary>Figures of the runtime that say little, under names that Prometheus keeps for histograms.</summary>
    private static readonly string[] Misnamed = ["dotnet.assembly.count", "dotnet.process.cpu.count", "dotnet.timer.count"];

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration settings)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource =>
        {
            // What is configured counts; a service without a name is hard to find.
            if (settings["OTEL_SERVICE_NAME"] is null or "") resource.AddService(Telemetry.Name, autoGenerateServiceInstanceId: false);
        });
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters).AddView(instrument => Misnamed.Contains(instrument.Name) ? MetricStreamConfiguration.Drop : null).AddPrometheusExporter();
            if (IsSent(settings, "METRICS")) metrics.AddOtlpExporter();
        });
        if (IsSent(settings, "TRACES"))
            telemetry.WithTracing(traces => traces.AddSource(Sources).AddProcessor(new TraceScrub()).AddOtlpExporter());
        return services;
    }

    /// <summary>Whether this kind of signal has somewhere to go.</summary>
    private static bool IsSent(IConfiguration settings, string signal) =>
        !string.Equals(settings[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
        && (settings[Endpoint] is { Length: > 0 } || settings[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is { Length: > 0 });
}
