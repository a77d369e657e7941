using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Orleans;

/// <summary>Adds the engine to a host.</summary>
public static class EmbeddedHosting
{
    /// <summary>
    /// Runs grains in this process. Gives the host <see cref="IGrainFactory"/> and <see cref="IClusterClient"/>. Grains get
    /// constructor arguments from the root service provider, so they must not ask for scoped services. Reminders work
    /// when an <see cref="IReminderTable"/> is registered, which must be readable when hosted services start: register
    /// what opens the store before this.
    /// </summary>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public static IServiceCollection AddEmbeddedGrains(this IServiceCollection services, Action<EmbeddedOptions> configure)
    {
        var options = new EmbeddedOptions();
        configure(options);
        options.Validate();
        services.AddLogging();
        services.TryAddSingleton(options);
        services.TryAddSingleton<GrainEngine>();
        services.TryAddSingleton<IClusterClient>(s => s.GetRequiredService<GrainEngine>());
        services.TryAddSingleton<IGrainFactory>(s => s.GetRequiredService<GrainEngine>());
        return services.AddHostedService(s => s.GetRequiredService<GrainEngine>());
    }
}
