namespace OrleansAuth.Storage.Outbox;

/// <summary>Something to be sent once the commit is durable.</summary>
/// <param name="Id">The caller's own; the receiver of a repeated delivery knows it by this.</param>
/// <param name="Queue">Which queue delivers it, such as <c>mail</c>.</param>
/// <param name="Subject">
/// What it is about, at most 191 characters: deliveries of one subject keep the order of their commits and wait for each other,
/// those of different subjects do not. Must not hold a secret.
/// </param>
/// <param name="TenantId">The tenant that it leaves with; null for none.</param>
/// <param name="Body">Whatever the queue understands. What must not lie readable in a database is sealed by who puts it here.</param>
public sealed record OutboxEntry(Guid Id, string Queue, string Subject, Guid? TenantId, byte[] Body)
{
    /// <summary>The event that is to be delivered (<see cref="Tables.WebhookEvent"/>), which then is the body; null for everything else.</summary>
    public Guid? EventId { get; init; }

    /// <summary>Longest <see cref="Subject"/>, in UTF-16 characters.</summary>
    public const int LongestSubject = 191;
}

/// <summary>How commits fill the outbox.</summary>
public static class OutboxCommit
{
    /// <summary>
    /// Adds an entry to what the commit means: it is delivered at least once if the commit holds, and never otherwise. A
    /// repeated commit with the same <see cref="OutboxEntry.Id"/> makes one entry.
    /// </summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public static Commit Queue(this Commit commit, OutboxEntry entry, long now)
    {
        ArgumentException.ThrowIfNullOrEmpty(entry.Queue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Subject.Length, OutboxEntry.LongestSubject);
        return commit.AnnounceQueue(entry.Queue).Upsert(
            Tables.Outbox,
            ("id", entry.Id), ("queue", entry.Queue), ("subject", entry.Subject), ("tenant_id", entry.TenantId), ("due", 0), ("attempts", 0),
            ("body", entry.Body), ("insert_instant", now), ("event_id", entry.EventId));
    }

    /// <summary>Removes an entry that has been delivered.</summary>
    public static Commit Delivered(this Commit commit, Guid id) => commit.Delete(Tables.Outbox, ("id", id));

    /// <summary>Leaves an entry for a later attempt.</summary>
    /// <param name="attempts">How many have failed so far.</param>
    /// <param name="due">Milliseconds since 1970.</param>
    public static Commit Postpone(this Commit commit, Guid id, int attempts, long due, string fault) =>
        commit.Update(Tables.Outbox, ("id", id), ("attempts", attempts), ("due", due), ("fault", fault));

    /// <summary>Leaves an entry for later that nobody has tried.</summary>
    /// <param name="due">Milliseconds since 1970.</param>
    public static Commit PutOff(this Commit commit, Guid id, long due) => commit.Update(Tables.Outbox, ("id", id), ("due", due));

    /// <summary>
    /// Notes of an entry of this commit that an attempt has failed already. It keeps its place, since older ones of its subject may wait, and once
    /// its turn has come is not tried before an instant.
    /// </summary>
    /// <param name="until">Milliseconds since 1970.</param>
    public static Commit HoldBack(this Commit commit, Guid id, int attempts, long until, string fault) =>
        commit.Update(Tables.Outbox, ("id", id), ("attempts", attempts), ("not_before", until), ("fault", fault));

    /// <summary>Gives an entry up; those behind it go on.</summary>
    public static Commit Park(this Commit commit, Guid id, int attempts, long now, string fault) =>
        commit.Update(Tables.Outbox, ("id", id), ("attempts", attempts), ("parked_instant", now), ("fault", fault));

    /// <summary>Takes a parked entry back as if it were new. It keeps its place before younger ones of its subject.</summary>
    public static Commit Unpark(this Commit commit, Guid id, string queue, long now) => commit.AnnounceQueue(queue).Update(
        Tables.Outbox, ("id", id), ("attempts", 0), ("due", now), ("parked_instant", null), ("fault", null));
}
