using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Webhooks;

/// <summary>
/// The queues of webhooks, one each. An event is handed to the grain of its webhook; the attempt goes into the commit that says what
/// became of the entry. A webhook that is gone leaves nobody to tell, so its queue empties itself.
/// </summary>
internal sealed class WebhookQueue(ConfigurationReader configuration, IStore store, SecretBox secrets, IGrainFactory grains) : IOutboxQueue
{
    /// <summary>Where the grain knows better than the configuration here that nothing is to be sent.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public string Name => EventCommit.QueuePrefix;

    public bool IsFamily => true;

    /// <summary>
    /// Quick at first, since most failures are short, then for about three days, since receivers break on Fridays. While a receiver is
    /// left alone its entries are not tried and do not age.
    /// </summary>
    public OutboxLimits Limits { get; } = new()
    {
        Parallel = 32,
        LongestDelivery = TimeSpan.FromMinutes(5),
        BackOff = new BackOff { First = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromHours(8), MostAttempts = 24 },
    };

    /// <summary>A pause may have ended by the very commit that rang, so it is looked at twice.</summary>
    public async Task<bool> Rests(string queue)
    {
        if (Find(queue) is not { IsAtWork: false }) return false;
        return await FindNow(queue) is { IsAtWork: false };
    }

    public async Task<OutboxVerdict> Deliver(OutboxItem item, CancellationToken stop)
    {
        // A webhook that is not known here may be new: only the newest configuration says that it is gone.
        if (item.Event is not { } told || (Find(item.Queue) ?? await FindNow(item.Queue)) is not { } webhook) return new OutboxVerdict.Done();
        var body = EventTypes.WithSecrets.Contains(told.Type) ? Encoding.UTF8.GetBytes(secrets.Open(Encoding.UTF8.GetString(told.Body), EventBody.Place(told.Id))) : told.Body;
        var command = new DeliverEvent(told.Id, told.Type, item.TenantId, new JsonText(body), item.Attempt) { Again = item.Body.Length > 0 };
        var report = await grains.Webhook(webhook.Id).Deliver(command).WaitAsync(stop);
        return Judge(report) with
        {
            Rest = report.LeaveAlone ?? (report.Outcome is DeliveryOutcome.Held or DeliveryOutcome.Gone ? report.RetryAfter ?? Moment : null),
            Rows = report.Attempt is { } attempt ? commit => commit.PutAttempt(item.TenantId, attempt) : null,
        };
    }

    private static OutboxVerdict Judge(DeliveryReport report) => report.Outcome switch
    {
        DeliveryOutcome.Delivered => new OutboxVerdict.Done(),
        DeliveryOutcome.Refused => new OutboxVerdict.Refused(report.Reason ?? ""),
        DeliveryOutcome.Held or DeliveryOutcome.Gone => new OutboxVerdict.Untouched(),
        _ => new OutboxVerdict.Retry(report.Reason ?? "", report.RetryAfter),
    };

    /// <summary>As configured at this moment, whatever this process has heard so far.</summary>
    private async Task<Webhook?> FindNow(string queue)
    {
        await configuration.AtLeast(await store.ConfigurationVersion());
        return Find(queue);
    }

    private Webhook? Find(string queue) =>
        Guid.TryParseExact(queue.AsSpan(EventCommit.QueuePrefix.Length), "N", out var id) ? configuration.Current.Find<Webhook>(id) : null;
}
