using System.Net.Http.Headers;
using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>Makes the request that tells a receiver of an event, with its signatures, and judges the answer.</summary>
internal sealed class WebhookSender(OutgoingHttp http, ConfigurationReader configuration, Clock clock)
{
    private static readonly ProductInfoHeaderValue Agent = new("OrleansAuth", typeof(WebhookSender).Assembly.GetName().Version!.ToString(3));

    /// <summary>Of webhooks that were stored without timeouts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends it once. Never throws for what the other side does; a delivery that is stopped throws.</summary>
    public async Task<DeliveryReport> Send(Webhook webhook, DeliverEvent told, CancellationToken stop)
    {
        var start = clock.Now;
        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url)) return Report(DeliveryOutcome.Refused, "The webhook has no address.");
        using var request = Request(webhook, url, told);
        var answer = await http.Send(request, new OutgoingLimits(Limit(webhook.ConnectTimeout), Limit(webhook.ReadTimeout)) { KeptOfAnswer = AttemptMade.MostOfAnswer }, stop);
        var attempt = new AttemptMade(
            Guid.CreateVersion7(clock.UtcNow), told.EventId, webhook.Id, answer.IsSuccess ? AttemptMade.Success : AttemptMade.Failure,
            url.GetLeftPart(UriPartial.Path), answer.Status, answer.Fault, answer.Text, start, clock.Now);
        return Judge(answer) with { Attempt = attempt };

        DeliveryReport Report(DeliveryOutcome outcome, string? reason) => new(told.EventId, webhook.Id, outcome) { Reason = reason };

        DeliveryReport Judge(OutgoingAnswer given) => given switch
        {
            { IsSuccess: true } => Report(DeliveryOutcome.Delivered, null),
            { Forbidden: true } => Report(DeliveryOutcome.Refused, given.Fault),
            { Status: 410 } => Report(DeliveryOutcome.Gone, "The receiver answered 410: it is gone for good."),
            { Status: >= 300 and < 400 } => Report(DeliveryOutcome.Failed, $"The receiver answered {given.Status}. Redirects are not followed; set the address that it leads to."),
            _ => Report(DeliveryOutcome.Failed, given.Fault ?? $"The receiver answered {given.Status}.") with { RetryAfter = given.RetryAfter },
        };
    }

    private HttpRequestMessage Request(Webhook webhook, Uri url, DeliverEvent told)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(told.Body.Utf8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(Agent);
        foreach (var (name, value) in webhook.HeadersToSend()) request.Headers.TryAddWithoutValidation(name, value);
        if (webhook.HttpAuthenticationUsername is { Length: > 0 } user)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{webhook.HttpAuthenticationPassword}")));
        WebhookSignatures.Add(request, webhook, told, configuration.Current, clock);
        return request;
    }

    private static TimeSpan Limit(int? milliseconds) => milliseconds is { } given and > 0 ? TimeSpan.FromMilliseconds(given) : Patience;
}
