using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>One receiver: sends what it is told to send, each event once at a time, and remembers what was delivered lately.</summary>
[GrainType("webhook")]
internal sealed partial class WebhookGrain(WebhookSender sender, ConfigurationReader configuration, IStore store, IHostApplicationLifetime host, ILogger<WebhookGrain> log)
    : Grain, IWebhookGrain
{
    private readonly Dictionary<Guid, Task<DeliveryReport>> _underWay = [];
    private readonly RecentIds _delivered = new(512);

    private Guid WebhookId => Guid.ParseExact(this.GetPrimaryKeyString(), "N");

    public async Task<DeliveryReport> Deliver(DeliverEvent command)
    {
        if (_underWay.TryGetValue(command.EventId, out var running)) return await running;
        if (!command.Again && _delivered.Contains(command.EventId)) return new DeliveryReport(command.EventId, WebhookId, DeliveryOutcome.Delivered);
        var sending = Send(command);
        _underWay[command.EventId] = sending;
        try
        {
            var report = await sending;
            if (report.Outcome == DeliveryOutcome.Delivered) _delivered.Add(command.EventId);
            return report;
        }
        finally
        {
            _underWay.Remove(command.EventId);
        }
    }

    private async Task<DeliveryReport> Send(DeliverEvent command)
    {
        if (configuration.Current.Find<Webhook>(WebhookId) is not { } webhook)
            return new DeliveryReport(command.EventId, WebhookId, DeliveryOutcome.Refused) { Reason = "The webhook is gone." };
        return await sender.Send(webhook, command, host.ApplicationStopping);
    }
}
