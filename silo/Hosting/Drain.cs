using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;

namespace OrleansAuth.Hosting;

/// <summary>How long a process that was told to stop goes on serving.</summary>
/// <param name="Time">Zero where nobody has to notice; for a load balancer, longer than it takes to notice a probe that fails.</param>
public sealed record DrainOptions(TimeSpan Time)
{
    private const string Setting = "Web:DrainSeconds";
    private const int Longest = 300;

    /// <summary>What a stop may take after the drain: requests under way, calls of grains, the store.</summary>
    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(30);

    /// <summary>How long the whole stop may take; a supervisor must wait longer before it kills.</summary>
    public TimeSpan Limit => Time + Finish;

    /// <exception cref="SettingsException">The setting is no number of seconds.</exception>
    public static DrainOptions From(IConfiguration settings)
    {
        if (string.IsNullOrEmpty(settings[Setting])) return new DrainOptions(TimeSpan.Zero);
        return int.TryParse(settings[Setting], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= Longest
            ? new DrainOptions(TimeSpan.FromSeconds(seconds))
            : throw new SettingsException($"{Setting} must be a number of seconds from 0 to {Longest}.");
    }
}

/// <summary>
/// Leaves before it goes: with SIGTERM readiness turns false first, then the process serves on until those who send it requests
/// have noticed, and only then it stops listening. What runs by then is finished.
/// </summary>
internal sealed class Drain(Readiness readiness, DrainOptions options, Clock clock, ILogger<Drain> log) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Drain();
        if (options.Time == TimeSpan.Zero) return;
        log.LogInformation("Draining: /health/ready answers 503, requests are served for {Seconds} more seconds.", options.Time.TotalSeconds);
        await Task.Delay(options.Time, clock.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
