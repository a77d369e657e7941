using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>Tries one webhook out.</summary>
[GrainType("webhook-test")]
internal sealed class WebhookTestGrain(WebhookSender sender, ConfigurationReader configuration, Clock clock) : Grain, IWebhookTestGrain
{
    /// <summary>Somebody waits for the answer, and others behind him.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Guid WebhookId => Guid.ParseExact(this.GetPrimaryKeyString(), "N");

    public async Task<Outcome<WebhookTestResult>> Send(SendWebhookTest command)
    {
        if (EventSamples.Members(command.Type) is not { } members)
            return Refusal.Invalid(ContractError.At("type", "invalid", $"There is no event type [{command.Type}]."));
        if (configuration.Current.Find<Webhook>(WebhookId) is not { } webhook) return Refusal.NotFound;

        var (id, start) = (Guid.CreateVersion7(clock.UtcNow), clock.Time.GetTimestamp());
        Guid? tenant = EventTypes.OfSystem.Contains(command.Type) ? null : command.TenantId ?? (webhook.TenantIds.IsEmpty ? EventSamples.Tenant : webhook.TenantIds[0]);
        var body = Encoding.UTF8.GetBytes(EventBody.Write(id, command.Type, tenant, clock.Now, EventSamples.Info, members));
        using var patience = new CancellationTokenSource(Patience, clock.Time);
        try
        {
            var report = await sender.Send(webhook, new DeliverEvent(id, command.Type, tenant, new JsonText(body), 1), patience.Token);
            return Result(report.Outcome) with
            {
                StatusCode = report.Attempt?.Status ?? 0,
                Url = report.Attempt?.Url,
                Answer = report.Attempt?.Answer,
                Exception = report.Attempt?.Exception ?? report.Reason,
            };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return Result(DeliveryOutcome.Failed) with { Url = webhook.Url, Exception = $"The receiver did not answer within {Patience.TotalSeconds} seconds." };
        }

        WebhookTestResult Result(DeliveryOutcome outcome) => new(id, command.Type, outcome, 0, (long)clock.Time.GetElapsedTime(start).TotalMilliseconds);
    }
}
