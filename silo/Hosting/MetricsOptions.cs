using Microsoft.Extensions.Configuration;

namespace OrleansAuth.Hosting;

/// <summary>Who may read <c>/metrics</c> without an API key.</summary>
/// <param name="OpenToLoopback">
/// Programs of this machine may. A proxy on this machine is one of them, so with it the whole world is; what says that it was
/// forwarded is refused, but a proxy need not say so.
/// </param>
public sealed record MetricsOptions(bool OpenToLoopback)
{
    private const string Setting = "Metrics:Access";

    /// <exception cref="SettingsException">The setting is neither.</exception>
    public static MetricsOptions From(IConfiguration settings) => settings[Setting]?.ToUpperInvariant() switch
    {
        null or "" or "KEY" => new MetricsOptions(false),
        "LOOPBACK" => new MetricsOptions(true),
        _ => throw new SettingsException($"{Setting} must be Key (an API key is asked for) or Loopback (programs of this machine need none)."),
    };
}
