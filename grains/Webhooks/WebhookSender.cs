using System.Net.Http.Headers;
using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Keys;
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
        var report = new DeliveryReport(told.EventId, webhook.Id, DeliveryOutcome.Refused);
        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url)) return report with { Reason = "The webhook has no address." };
        var start = clock.Now;
        using var request = Request(webhook, url, told);
        var answer = await http.Send(request, Limits(webhook), stop);
        var end = clock.Now;
        return Judge(report, answer) with
        {
            Attempt = new AttemptMade(
                OrderedId.New(end), told.EventId, webhook.Id, answer.IsSuccess ? AttemptMade.Success : AttemptMade.Failure,
                url.GetLeftPart(UriPartial.Path), answer.Status, answer.Fault, answer.Text, start, end),
        };
    }

    /// <summary>Every answer that is not 2xx is tried again: receivers answer 4xx while they are being changed, and 410 when they mean it.</summary>
    private static DeliveryReport Judge(DeliveryReport report, OutgoingAnswer given) => given switch
    {
        { IsSuccess: true } => report with { Outcome = DeliveryOutcome.Delivered },
        { Forbidden: true } => report with { Reason = given.Fault },
        { Status: 410 } => report with { Outcome = DeliveryOutcome.Gone, Reason = "The receiver answered 410: it is gone for good." },
        { Status: >= 300 and < 400 } => report with { Outcome = DeliveryOutcome.Failed, Reason = $"The receiver answered {given.Status}. Redirects are not followed; set the address that it leads to." },
        _ => report with
        {
            Outcome = DeliveryOutcome.Failed,
            Reason = given.Fault ?? $"The receiver answered {given.Status}.",
            RetryAfter = given.RetryAfter,
            SpeaksAgainstReceiver = given.Status is 0 or >= 500 || (given.Status == 429 && given.RetryAfter is not null),
        },
    };

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

    private OutgoingLimits Limits(Webhook webhook) => new(Limit(webhook.ConnectTimeout), Limit(webhook.ReadTimeout))
    {
        KeptOfAnswer = AttemptMade.MostOfAnswer,
        Tls = webhook is { SslCertificate: null, SslCertificateKeyId: null } ? null
            : new OutgoingTls(webhook.SslCertificate, configuration.Current.Find<Key>(webhook.SslCertificateKeyId)),
    };

    private static TimeSpan Limit(int? milliseconds) => milliseconds is { } given and > 0 ? TimeSpan.FromMilliseconds(given) : Patience;
}
