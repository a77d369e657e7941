using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>What happens to webhooks beside what requests for changes say. Names are participles, for the audit log.</summary>
public static class WebhookActions
{
    public const string Pause = "paused";
    public const string Resume = "resumed";
    public const string Disable = "disabled";
    public const string Renew = "given a new secret";
    public const string Serve = "given to a tenant";
    public const string Leave = "taken from a tenant";

    /// <summary>Stops sending; events wait until somebody resumes it.</summary>
    public static Task<Outcome<ConfigurationView>> PauseWebhook(this IGrainFactory grains, Guid id, Guid? tenantId, Actor actor) => grains.Act(id, Pause, null, tenantId, actor);

    /// <summary>Sends again what waits, whatever the reason was that it did.</summary>
    public static Task<Outcome<ConfigurationView>> ResumeWebhook(this IGrainFactory grains, Guid id, Guid? tenantId, Actor actor) => grains.Act(id, Resume, null, tenantId, actor);

    /// <summary>The server stops sending by itself, because there is no use in it; events wait until somebody resumes the webhook.</summary>
    /// <param name="reason">For operators, a sentence of at most 500 characters without secrets.</param>
    public static Task<Outcome<ConfigurationView>> DisableWebhook(this IGrainFactory grains, Guid id, string reason) =>
        grains.Act(id, Disable, JsonText.From(new DisabledWebhook(reason)), null, Actor.System);

    /// <summary>Replaces the secret by a new one, which the view holds.</summary>
    public static Task<Outcome<ConfigurationView>> RenewWebhookSecret(this IGrainFactory grains, Guid id, NewWebhookSecret secret, Guid? tenantId, Actor actor) =>
        grains.Act(id, Renew, JsonText.From(secret), tenantId, actor);

    /// <summary>Makes it serve a tenant too; nothing changes where it does already.</summary>
    public static Task<Outcome<ConfigurationView>> GiveWebhookTo(this IGrainFactory grains, Guid id, Guid tenant, Actor actor) =>
        grains.Act(id, Serve, JsonText.From(new WebhookTenant(tenant)), null, actor);

    /// <summary>Makes it serve a tenant no longer, such as one that is removed.</summary>
    public static Task<Outcome<ConfigurationView>> TakeWebhookFrom(this IGrainFactory grains, Guid id, Guid tenant, Actor actor) =>
        grains.Act(id, Leave, JsonText.From(new WebhookTenant(tenant)), null, actor);

    private static Task<Outcome<ConfigurationView>> Act(this IGrainFactory grains, Guid id, string action, JsonText? argument, Guid? tenantId, Actor actor) =>
        grains.Configuration(Families.Webhooks, id).Act(new ActOnConfiguration(action, argument, tenantId, actor));
}

/// <summary>The argument of <see cref="WebhookActions.Disable"/>.</summary>
public sealed record DisabledWebhook(string Reason);

/// <summary>The argument of <see cref="WebhookActions.Serve"/> and <see cref="WebhookActions.Leave"/>.</summary>
public sealed record WebhookTenant(Guid TenantId);

/// <summary>The argument of <see cref="WebhookActions.Renew"/>.</summary>
/// <param name="Secret">The caller's own; null for a random one.</param>
/// <param name="OverlapInSeconds">How long earlier secrets go on signing.</param>
public sealed record NewWebhookSecret(string? Secret, long OverlapInSeconds)
{
    /// <summary>Names no secret.</summary>
    public override string ToString() => $"a secret with an overlap of {OverlapInSeconds} seconds";
}
