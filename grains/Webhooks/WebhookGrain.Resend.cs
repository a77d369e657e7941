using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Webhooks;

internal sealed partial class WebhookGrain
{
    /// <summary>The body of an entry that somebody asked for by hand; others have none, since the event is the body.</summary>
    private static readonly byte[] ByHand = [1];

    public async Task<Outcome<ResentEvents>> Resend(ResendEvents command)
    {
        if (configuration.Current.Find<Webhook>(WebhookId) is not { } webhook) return Refusal.NotFound;
        var found = await events.Find(Criteria(webhook, command));
        if (found.Count == 0) return command.EventId is null ? new ResentEvents(0, null) : Refusal.NotFound;
        var page = found.Take(ResendEvents.MostAtOnce).ToList();
        var commit = new Commit();
        foreach (var told in page) Queue(commit, told);
        await store.Apply(commit);
        return new ResentEvents(page.Count, found.Count > page.Count ? page[^1].Sequence : null);
    }

    private static ResendCriteria Criteria(Webhook webhook, ResendEvents command)
    {
        var wanted = webhook.EventsEnabled.Where(type => type.Value).Select(type => type.Key);
        if (!command.Types.IsDefaultOrEmpty) wanted = wanted.Intersect(command.Types);
        return new ResendCriteria(webhook.Id, command.Tenant is { } tenant ? [tenant] : webhook.Global ? null : [.. webhook.TenantIds], [.. wanted])
        {
            WithSystem = command.Tenant is null,
            EventId = command.EventId,
            Start = command.Start,
            End = command.End,
            After = command.After,
            OnlyFailed = command.OnlyFailed,
            Limit = ResendEvents.MostAtOnce + 1,
        };
    }

    /// <summary>What was given up keeps its place before younger ones of its subject; what was delivered gets a new one.</summary>
    private void Queue(Commit commit, ResendableEvent told)
    {
        if (told.ParkedEntry is { } parked) commit.Unpark(parked, EventCommit.QueueOf(WebhookId), clock.Now);
        else commit.Queue(new OutboxEntry(Guid.CreateVersion7(clock.UtcNow), EventCommit.QueueOf(WebhookId), told.Subject, told.TenantId, ByHand) { EventId = told.Id }, clock.Now);
    }
}
