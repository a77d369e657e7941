namespace OrleansAuth.Webhooks;

/// <summary>The streams by which events that wait for an answer reach webhooks: one each. What need not be answered takes the outbox.</summary>
internal static class WebhookStreams
{
    public const string Provider = "webhooks";

    public const string Namespace = "webhook";

    /// <summary>The stream of a webhook; its key is that of the webhook's grain.</summary>
    public static StreamId Of(Guid webhookId) => StreamId.Create(Namespace, webhookId.ToString("N"));
}
