using Microsoft.Extensions.Hosting;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Keys;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Setup;

/// <summary>What an empty store is filled with.</summary>
/// <param name="DefaultTenantId">The id of the first tenant.</param>
internal sealed record FirstStartOptions(Guid DefaultTenantId);

/// <summary>
/// Gives an empty store what every system has: a signing key, the default tenant, its two applications. Each
/// piece is looked for first, so a start that was cut short is finished by the next one, and of processes that start
/// together each takes what another one was faster with.
/// </summary>
internal sealed class FirstStart(IGrainFactory grains, ConfigurationReader configuration, IStoreReader store, FirstStartOptions options, Clock clock) : IHostedService
{
    private const string KeyName = "Default signing key";

    /// <summary>Names of the roles that administrators can have, as the contract knows them.</summary>
    internal static readonly string[] AdministrationRoles =
    [
        "admin", "acl_deleter", "acl_manager", "api_key_manager", "application_deleter", "application_manager", "audit_log_viewer",
        "connector_deleter", "connector_manager", "consent_deleter", "consent_manager", "email_template_manager", "entity_manager",
        "event_log_viewer", "form_deleter", "form_manager", "group_deleter", "group_manager", "key_manager", "lambda_manager",
        "message_template_deleter", "message_template_manager", "messenger_deleter", "messenger_manager", "reactor_manager", "report_viewer",
        "system_manager", "tenant_deleter", "tenant_manager", "theme_manager", "user_action_deleter", "user_action_manager", "user_deleter",
        "user_manager", "user_support_manager", "user_support_viewer", "webhook_event_log_viewer", "webhook_manager",
    ];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration.Current.Find<Application>(WellKnown.AdministrationApplication) is not null) return;
        var key = await Ensure(Families.Keys, now => now.All<Key>().FirstOrDefault(k => k.Name == KeyName), Guid.CreateVersion7(clock.UtcNow), NewKey);
        // As long as there is no administration application, a tenant can only be the first one of a start that was cut short.
        var tenant = await Ensure(Families.Tenants, now => now.All<Tenant>().FirstOrDefault(), options.DefaultTenantId, () => new Tenant
        {
            Name = "Default",
            Configured = true,
            JwtConfiguration = new() { Enabled = true, AccessTokenKeyId = key, IdTokenKeyId = key },
        });
        await Ensure(Families.Applications, ById(WellKnown.TenantManagerApplication), WellKnown.TenantManagerApplication, () => new Application { Name = "Tenant manager" }, tenant);
        // Last, because its presence says that all of this is done.
        await Ensure(Families.Applications, ById(WellKnown.AdministrationApplication), WellKnown.AdministrationApplication, () => new Application
        {
            Name = "Administration",
            LoginConfiguration = new() { GenerateRefreshTokens = true, AllowTokenRefresh = true },
            Roles = [.. AdministrationRoles.Select(name => new ApplicationRole { Id = WellKnown.Named("administration-role/" + name), Name = name, IsSuperRole = name == "admin" })],
        }, tenant);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>ES256: short signatures, quick to make and to check.</summary>
    private Key NewKey()
    {
        var parts = KeyGenerator.Generate(KeyAlgorithm.ES256, clock.UtcNow).Key!.Parts;
        return new Key { Name = KeyName, Algorithm = KeyAlgorithm.ES256, Kid = parts.Kid, PublicKey = parts.PublicKey, PrivateKey = parts.PrivateKey, Certificate = parts.Certificate };
    }

    private static Func<ConfigurationSnapshot, ConfigurationObject?> ById(Guid id) => now => now.Find<Application>(id);

    /// <returns>The id of the piece that was found, or made.</returns>
    private async Task<Guid> Ensure(
        ConfigurationFamily family, Func<ConfigurationSnapshot, ConfigurationObject?> find, Guid id, Func<ConfigurationObject> make, Guid? tenant = null)
    {
        if (find(configuration.Current)?.Id is { } found) return found;
        var created = await grains.Configuration(family, id).Create(new CreateConfiguration(JsonText.From<object>(make()), tenant, null, Actor.System));
        if (created.Refusal is { } refusal)
        {
            // Another process has taken the name since this one read what there is: its piece is as good.
            var now = await configuration.AtLeast(await store.ConfigurationVersion());
            return find(now)?.Id ?? throw new InvalidOperationException($"The first {family} could not be created: {string.Join(" ", refusal.Errors.Select(e => e.Message))}");
        }

        await configuration.AtLeast(created.Value!.Version);
        return id;
    }
}
