using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansAuth.Common;
using OrleansAuth.Outbox;
using OrleansAuth.Setup;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Audit;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Entities;

namespace OrleansAuth.Hosting;

/// <summary>Everything a process needs that hosts grains: store, secrets, configuration, engine, first start.</summary>
public static class SiloHosting
{
    /// <summary>
    /// What the web tier needs: the grains of this server in this process, or a way to call them where the settings name a
    /// cluster. What starts, starts in this order: the configuration is read, the engine runs, and an empty store gets its
    /// first tenant.
    /// </summary>
    public static IServiceCollection AddGrains(this IServiceCollection services, IConfiguration settings)
    {
        services.AddFoundation(settings);
        return (EngineSetup.WebIsClient(settings) ? services.AddGrainClient(settings) : services.AddGrainEngine(settings).AddUpkeep())
            .AddSingleton(new FirstStartOptions(DefaultTenantId(settings)))
            .AddHostedService<FirstStart>();
    }

    /// <summary>A silo without a web tier. It leaves the first start to the web tier, which knows the kickstart.</summary>
    /// <exception cref="SettingsException">Nobody could call it: it is in no cluster.</exception>
    public static IServiceCollection AddSilo(this IServiceCollection services, IConfiguration settings) =>
        EngineSetup.WebIsClient(settings)
            ? services.AddFoundation(settings).AddGrainEngine(settings).AddUpkeep()
            : throw new SettingsException("A silo of its own belongs to a cluster: set Silo:ClusterId and Storage:ConnectionString, the same for all silos and web tiers.");

    private static IServiceCollection AddFoundation(this IServiceCollection services, IConfiguration settings)
    {
        SettingsCheck.Run(settings);
        var storage = StoreOptions.From(settings);
        services.TryAddSingleton(Clock.System);
        services.AddStorage(storage);
        if (storage.IsPostgres)
            services.AddHostedService(provider => new StartCheck(provider.GetRequiredService<IStoreReader>(), settings["Silo:ClusterId"] is { Length: > 0 } id ? id : null, Clock.System));
        return services
            .AddSingleton(_ => MasterKey.Open(settings, storage))
            .AddSingleton(MailSettings.Trust(settings))
            .AddSingleton(WebhookSettings.Outgoing(settings))
            .AddSingleton(BreachSettings.Corpus(settings))
            .AddSingleton(MfaSettings.Yubico(settings))
            .AddSingleton<ConfigurationCodec>()
            .AddSingleton<EntityCodec>()
            .AddSingleton<ConfigurationReader>()
            .AddHostedService(provider => provider.GetRequiredService<ConfigurationReader>())
            .AddOperations(settings)
            .AddGrainServices();
    }

    /// <summary>What goes on by itself where grains are: queues are woken, and what is over is noted and swept away.</summary>
    private static IServiceCollection AddUpkeep(this IServiceCollection services) => services
        .AddHostedService(provider => provider.GetRequiredService<OutboxBell>())
        .AddSingleton<UnverifiedSweeper>()
        .AddHostedService(provider => provider.GetRequiredService<UnverifiedSweeper>())
        .AddSingleton<Sweeper>()
        .AddHostedService(provider => provider.GetRequiredService<Sweeper>())
        .AddSingleton<TransactionRecovery>()
        .AddHostedService(provider => provider.GetRequiredService<TransactionRecovery>())
        .AddSingleton<ExpiredLogs>()
        .AddSingleton<LogSweeper>()
        .AddHostedService(provider => provider.GetRequiredService<LogSweeper>())
        .AddSingleton<ActionEnds>()
        .AddHostedService(provider => provider.GetRequiredService<ActionEnds>());

    /// <summary>A kickstart file may choose the id of the default tenant, which exists before its requests run.</summary>
    private static Guid DefaultTenantId(IConfiguration settings)
    {
        var file = KickstartFile(settings);
        if (file is null) return Guid.CreateVersion7(Clock.System.UtcNow);
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(File.ReadAllText(file), options);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("variables", out var variables)
                || variables.ValueKind != JsonValueKind.Object || !variables.TryGetProperty("defaultTenantId", out var id)) return Guid.CreateVersion7(Clock.System.UtcNow);
            return id.ValueKind == JsonValueKind.String && Guid.TryParse(id.GetString(), out var chosen)
                ? chosen
                : throw new SettingsException($"The variable defaultTenantId of the kickstart file {file} must be a UUID, written out.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new SettingsException($"The kickstart file {file} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The kickstart file that the settings name, or null.</summary>
    public static string? KickstartFile(IConfiguration settings) =>
        settings["Kickstart:File"] is { Length: > 0 } file ? file : settings["FUSIONAUTH_APP_KICKSTART_FILE"] is { Length: > 0 } other ? other : null;
}
