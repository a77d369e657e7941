using System.Collections.Immutable;
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

    /// <summary>
    /// Queues events again that this webhook covers, whether they were delivered, given up or neither; what waits already is left as it
    /// is, and what a transaction prevented never happened. At most <see cref="ResendEvents.MostAtOnce"/> with one call.
    /// </summary>
    [Alias("resend")]
    Task<Outcome<ResentEvents>> Resend(ResendEvents command);
}

/// <summary>Which events are to be sent again.</summary>
/// <param name="Tenant">Those of this tenant only; null for all that the webhook serves.</param>
[GenerateSerializer, Immutable, Alias("webhook.resend.v1")]
public sealed record ResendEvents(Guid? Tenant)
{
    public const int MostAtOnce = 1_000;

    /// <summary>This one alone; refused where there is no such event for the webhook.</summary>
    [Id(0)] public Guid? EventId { get; init; }

    /// <summary>From this instant on, milliseconds since 1970.</summary>
    [Id(1)] public long Start { get; init; }

    /// <summary>Before this instant.</summary>
    [Id(2)] public long End { get; init; } = long.MaxValue;

    /// <summary>Those of these types; empty for all that the webhook wants.</summary>
    [Id(3)] public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>Only what has never been delivered to the webhook.</summary>
    [Id(4)] public bool OnlyFailed { get; init; }

    /// <summary>Behind this one, as <see cref="ResentEvents.Next"/> of the call before said.</summary>
    [Id(5)] public long After { get; init; }
}

/// <summary>What was queued again.</summary>
/// <param name="Next">For the next call, where there may be more; null where that was all.</param>
[GenerateSerializer, Immutable, Alias("webhook.resent.v1")]
public sealed record ResentEvents(int Count, long? Next);

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

    /// <summary>The receiver is asked whether it agrees: what it answered before stands, and is not asked for twice.</summary>
    [Id(1)] public bool Asks { get; init; }

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

    /// <summary>The failure says that the receiver as a whole does not work, and nothing about the event.</summary>
    [Id(3)] public bool SpeaksAgainstReceiver { get; init; }

    /// <summary>How long the receiver is now left alone; null where the next event may go at once.</summary>
    [Id(4)] public TimeSpan? LeaveAlone { get; init; }
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
