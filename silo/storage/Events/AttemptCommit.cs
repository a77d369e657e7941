using OrleansAuth.Webhooks;

namespace OrleansAuth.Storage.Events;

/// <summary>How commits note attempts to deliver events.</summary>
public static class AttemptCommit
{
    /// <summary>Adds an attempt to the log of them. A repeated commit writes one row.</summary>
    /// <param name="tenantId">The tenant that the row leaves with; null for events of the server itself.</param>
    public static Commit PutAttempt(this Commit commit, Guid? tenantId, AttemptMade attempt) => commit.Upsert(
        Tables.WebhookAttempt,
        ("id", attempt.Id), ("event_id", attempt.EventId), ("webhook_id", attempt.WebhookId), ("tenant_id", tenantId), ("result", attempt.Result),
        ("url", attempt.Url), ("status", (long)attempt.Status), ("exception", attempt.Exception), ("answer", attempt.Answer),
        ("start_instant", attempt.Start), ("end_instant", attempt.End));
}
