using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Groups;
using OrleansAuth.IdentityProviders;
using OrleansAuth.Keys;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Tenants;

/// <summary>
/// Steps: mark the tenant as pending delete; arm a reminder; remove its configuration objects, then its rows in pieces, and
/// last the tenant itself. Each step can be repeated, so after a crash the reminder simply begins again.
/// </summary>
[GrainType("tenant-removal")]
internal sealed class TenantRemovalGrain(IStore store, ConfigurationReader configuration) : Grain, ITenantRemovalGrain, IRemindable
{
    private const string ReminderName = "purge";
    private const int RowsPerStep = 2_000;
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMinutes(1);
    private Actor _actor = Actor.System;

    private Guid TenantId => Guid.ParseExact(this.GetPrimaryKeyString(), "N");

    public async Task<Outcome<ConfigurationView>> Remove(RemoveTenant command)
    {
        _actor = command.Actor;
        var marked = await GrainFactory.Configuration(Families.Tenants, TenantId).Remove(new RemoveConfiguration(Hard: false, null, _actor));
        if (marked.Refusal is not null) return marked;
        await this.RegisterOrUpdateReminder(ReminderName, RetryPeriod, RetryPeriod);
        if (!command.Later) return await Purge();
        this.RegisterGrainTimer(_ => (Task)Purge(), TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return marked;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Purge();

    private async Task<Outcome<ConfigurationView>> Purge()
    {
        var snapshot = configuration.Current;
        foreach (var application in snapshot.All<Application>().Where(a => a.TenantId == TenantId)) await RemoveObject(Families.Applications, application.Id);
        foreach (var group in snapshot.All<Group>().Where(g => g.TenantId == TenantId)) await RemoveObject(Families.Groups, group.Id);
        foreach (var key in snapshot.All<ApiKey>().Where(k => k.TenantId == TenantId)) await RemoveObject(Families.ApiKeys, key.Id);
        foreach (var provider in snapshot.All<IdentityProvider>().Where(p => p.TenantId == TenantId))
            await GrainFactory.Configuration(Families.IdentityProviders, provider.Id).Remove(new RemoveConfiguration(Hard: true, null, _actor with { ApiKeyId = null }));
        foreach (var webhook in snapshot.All<Webhook>().Where(w => w.TenantIds.Contains(TenantId))) await GrainFactory.TakeWebhookFrom(webhook.Id, TenantId, _actor with { ApiKeyId = null });
        while (await store.PurgeTenant(TenantId, RowsPerStep) > 0)
        {
        }

        var removed = await RemoveObject(Families.Tenants, TenantId);
        if (await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);
        return removed;
    }

    private Task<Outcome<ConfigurationView>> RemoveObject(ConfigurationFamily family, Guid id) =>
        GrainFactory.Configuration(family, id).Remove(new RemoveConfiguration(Hard: true, null, _actor));
}
