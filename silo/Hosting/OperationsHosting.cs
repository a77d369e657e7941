using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Hosting;

/// <summary>What operators watch a process by and stop it with, the same for every kind of process.</summary>
public static class OperationsHosting
{
    /// <exception cref="SettingsException">A setting is wrong.</exception>
    public static IServiceCollection AddOperations(this IServiceCollection services, IConfiguration settings)
    {
        var drain = DrainOptions.From(settings);
        return services
            .Configure<HostOptions>(host => host.ShutdownTimeout = drain.Limit)
            .AddSingleton(drain)
            .AddSingleton(MetricsOptions.From(settings))
            .AddSingleton<Readiness>()
            .AddSingleton<OutboxGauge>()
            .AddHostedService<Drain>()
            .AddTelemetry(settings);
    }
}
