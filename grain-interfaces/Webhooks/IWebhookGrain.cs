using OrleansAuth.Common;

namespace OrleansAuth.Webhooks;

/// <summary>
/// One receiver of events. Every delivery to it passes here, whoever asks, so here is known what it has already taken, whether it
/// works at all, and how many requests it has in hand.
/// </summary>
[Alias("webhook")]
public interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>
    /// Sends one event to the receiver and answers how that went; never throws for what the other side does. An event that is on its
    /// way is not sent twice: both callers get its outcome. One that was delivered lately counts as delivered without being sent.
    /// </summary>
    [Alias("deliver"), AlwaysInterleave]
    Task<DeliveryReport> Deliver(DeliverEvent command);
}

/// <summary>An event that a receiver is to get now.</summary>
/// <param name="EventId">Receivers of a repeated delivery know it by this.</param>
/// <param name="Type">As <see cref="Events.EventTypes"/> spells it.</param>
/// <param name="TenantId">Null for events of the server itself.</param>
/// <param name="Body">What is sent, readable.</param>
/// <param name="Attempt">1 for the first.</param>
[GenerateSerializer, Immutable, Alias("webhook.deliver.v1")]
public sealed record DeliverEvent(Guid EventId, string Type, Guid? TenantId, JsonText Body, int Attempt)
{
    /// <summary>Somebody asked for it by hand: sent also where it was delivered before.</summary>
    [Id(0)] public bool Again { get; init; }

    /// <summary>Names no content.</summary>
    public override string ToString() => $"event {EventId}";
}

/// <summary>How a delivery ended. Names may be added, never changed.</summary>
public enum DeliveryOutcome
{
    /// <summary>The receiver took it: 2xx.</summary>
    Delivered,

    /// <summary>Not now; later may be better.</summary>
    Failed,

    /// <summary>Trying again is of no use.</summary>
    Refused,

    /// <summary>The receiver says that it is gone for good (410).</summary>
    Gone,

    /// <summary>Nothing was sent, because the receiver is paused or has been failing; what is held is not counted against the event.</summary>
    Held,
}

/// <summary>How the delivery of an event to a receiver ended.</summary>
[GenerateSerializer, Immutable, Alias("webhook.report.v1")]
public sealed record DeliveryReport(Guid EventId, Guid WebhookId, DeliveryOutcome Outcome)
{
    /// <summary>For the log of attempts; null where nothing was sent.</summary>
    [Id(0)] public AttemptMade? Attempt { get; init; }

    /// <summary>How long the receiver asked to be left alone; for <see cref="DeliveryOutcome.Held"/> when it is tried again, null for not before somebody resumes it.</summary>
    [Id(1)] public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why it was not delivered, in a sentence for operators.</summary>
    [Id(2)] public string? Reason { get; init; }
}

/// <summary>One attempt, as the log keeps it. Instants are milliseconds since 1970.</summary>
/// <param name="Result">Success or Failure.</param>
/// <param name="Url">Where it was sent, without what stands behind a question mark.</param>
/// <param name="Status">The HTTP status; 0 where there was no answer.</param>
/// <param name="Exception">Why there was none.</param>
/// <param name="Answer">The beginning of the answer, at most <see cref="MostOfAnswer"/> bytes.</param>
[GenerateSerializer, Immutable, Alias("webhook.attempt.v1")]
public sealed record AttemptMade(Guid Id, Guid EventId, Guid WebhookId, string Result, string Url, int Status, string? Exception, string? Answer, long Start, long End)
{
    public const string Success = "Success";
    public const string Failure = "Failure";

    /// <summary>In bytes.</summary>
    public const int MostOfAnswer = 1024;
}

/// <summary>How the grains of webhooks are found.</summary>
public static class WebhookGrainKeys
{
    /// <summary>The only place that knows the key. A webhook may serve several tenants, so its key has none.</summary>
    public static IWebhookGrain Webhook(this IGrainFactory grains, Guid webhookId) => grains.GetGrain<IWebhookGrain>(webhookId.ToString("N"));
}
