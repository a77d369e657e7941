using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrleansAuth.Storage;

/// <summary>Opens the store that the settings name, with its schema brought up to date.</summary>
public static class StoreFactory
{
    /// <summary>Opens the store. Whoever opens it disposes it.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be used; the message says what to do, and no data was touched.</exception>
    public static async Task<IStore> Open(StoreOptions options, ILoggerFactory? logs = null, CancellationToken stop = default)
    {
        stop.ThrowIfCancellationRequested();
        var log = (logs ?? NullLoggerFactory.Instance).CreateLogger("OrleansAuth.Storage");
        return options.IsPostgres
            ? await PostgresStore.Open(options.ConnectionString!, log, stop).ConfigureAwait(false)
            : SqliteStore.Open(options.Path, log);
    }

    /// <summary>
    /// Registers <see cref="IStore"/> and <see cref="IStoreReader"/>, one instance, opened when first asked for and closed
    /// with the container.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, StoreOptions options) => services
        .AddSingleton(provider => Open(options, provider.GetService<ILoggerFactory>()).GetAwaiter().GetResult())
        .AddSingleton<IStoreReader>(provider => provider.GetRequiredService<IStore>());
}
