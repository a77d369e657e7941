using OrleansAuth.Common;

namespace OrleansAuth.Webhooks;

/// <summary>
/// Tries a webhook out, one test after the other. What it sends tells of nothing that happened, has an id that no other event has, is
/// sent also where the webhook is paused, is never repeated and leaves no entry in the logs of events.
/// </summary>
[Alias("webhook-test")]
public interface IWebhookTestGrain : IGrainWithStringKey
{
    /// <summary>Sends a sample and answers how the receiver did; within the webhook's timeouts, and 20 seconds in any case. Refuses types that there are not.</summary>
    [Alias("send")]
    Task<Outcome<WebhookTestResult>> Send(SendWebhookTest command);
}

/// <param name="Type">A type of events, or <c>test</c>.</param>
/// <param name="TenantId">Whose event it is to be; null for one of the webhook's tenants, or the sample's own.</param>
[GenerateSerializer, Immutable, Alias("webhook.test.v1")]
public sealed record SendWebhookTest(string Type, Guid? TenantId);

/// <summary>How the receiver answered.</summary>
/// <param name="EventId">What the receiver knows the event by.</param>
/// <param name="Outcome">Whether the receiver took it.</param>
/// <param name="StatusCode">0 where there was no answer.</param>
/// <param name="Milliseconds">From the first byte that was sent, or the attempt to connect, to the answer.</param>
[GenerateSerializer, Immutable, Alias("webhook.test-result.v1")]
public sealed record WebhookTestResult(Guid EventId, string Type, DeliveryOutcome Outcome, int StatusCode, long Milliseconds)
{
    /// <summary>Where it was sent.</summary>
    [Id(0)] public string? Url { get; init; }

    /// <summary>The beginning of the answer's body, at most 1,024 bytes.</summary>
    [Id(1)] public string? Answer { get; init; }

    /// <summary>Why there was no answer, in a sentence.</summary>
    [Id(2)] public string? Exception { get; init; }
}

/// <summary>How the grains of tests are found.</summary>
public static class WebhookTestGrainKeys
{
    /// <summary>The only place that knows how the key is written. Ids of webhooks are unique across tenants.</summary>
    public static IWebhookTestGrain WebhookTest(this IGrainFactory grains, Guid webhookId) => grains.GetGrain<IWebhookTestGrain>(webhookId.ToString("N"));
}
