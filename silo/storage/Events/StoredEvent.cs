using OrleansAuth.Common;
using OrleansAuth.Storage.Outbox;
using OrleansAuth.Tenants;

namespace OrleansAuth.Storage.Events;

/// <summary>How the transaction of an event stands. Stored by name: names may be added, never changed.</summary>
public enum EventResult { Running, Succeeded, Failed }

/// <summary>An event that somebody receives, as it is stored.</summary>
/// <param name="Id">An <see cref="OrderedId"/>. Receivers of a repeated delivery know it by this.</param>
/// <param name="Subject">What it is about, at most 191 characters: each receiver hears of one subject in the order of the commits.</param>
/// <param name="LinkedObjectId">The id of what it is about, for searches; null where there is none.</param>
/// <param name="Body">What is sent, as JSON; sealed for events with secrets.</param>
public sealed record StoredEvent(Guid Id, Guid? TenantId, string Type, string Subject, Guid? LinkedObjectId, TransactionType Transaction, EventResult Result, string Body)
{
    /// <summary>When it happened, milliseconds since 1970: its id says so, since the order of ids is that of the log.</summary>
    public long Instant => OrderedId.InstantOf(Id);
}

/// <summary>How commits tell events.</summary>
public static class EventCommit
{
    /// <summary>The queues of the outbox that webhooks have: one each, with this before the webhook's id.</summary>
    public const string QueuePrefix = "webhook/";

    /// <summary>Adds the event itself.</summary>
    public static Commit PutEvent(this Commit commit, StoredEvent told) => commit.Upsert(
        Tables.WebhookEvent,
        ("id", told.Id), ("tenant_id", told.TenantId), ("type", told.Type), ("subject", told.Subject), ("linked_object_id", told.LinkedObjectId),
        ("transaction_type", told.Transaction.ToString()), ("result", told.Result.ToString()), ("body", told.Body), ("insert_instant", told.Instant),
        ("last_update_instant", told.Instant));

    /// <summary>Adds that a webhook is to be told of an event, once the commit is durable.</summary>
    /// <param name="id">The entry's own; a repeated commit makes one entry.</param>
    public static Commit Tell(this Commit commit, Guid id, StoredEvent told, Guid webhookId, long now) => commit.Queue(
        new OutboxEntry(id, QueueOf(webhookId), told.Subject, told.TenantId, []) { EventId = told.Id }, now);

    /// <summary>
    /// What stands in the body of an event about a row of a log where the row's number belongs, until the commit writes that: the database
    /// numbers rows as they come in, after the body was made. The row's id is random, so nobody else's text holds it.
    /// </summary>
    public static string NumberOf(Guid logRow) => $"seq{logRow:N}";

    /// <summary>Writes the number of a row of <see cref="Tables.AuditLog"/> or <see cref="Tables.EventLog"/> into the body of the event that has the row's id.</summary>
    public static Commit Number(this Commit commit, Table log, Guid id) => commit.Number(log, id, $"\"{NumberOf(id)}\"");

    /// <summary>Tells the webhook's queue to look for what waits in it, such as after a pause.</summary>
    public static Commit Wake(this Commit commit, Guid webhookId) => commit.AnnounceQueue(QueueOf(webhookId));

    /// <summary>Removes everything that a webhook was still to be told.</summary>
    public static Commit Forget(this Commit commit, Guid webhookId) => commit.Delete(Tables.Outbox, ("queue", QueueOf(webhookId)));

    /// <summary>The name of a webhook's queue.</summary>
    public static string QueueOf(Guid webhookId) => $"{QueuePrefix}{webhookId:N}";
}
