using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

/// <summary>
/// What a queue of the outbox does with its entries. Registered as a service, once for each name; found by
/// <see cref="OutboxGrain"/>.
/// </summary>
internal interface IOutboxQueue
{
    /// <summary>As commits name it; at most 64 characters. Never changes, since stored entries bear it.</summary>
    string Name { get; }

    /// <summary>Its name is the beginning of many: every name that begins with it is a queue of its own, with these rules.</summary>
    bool IsFamily => false;

    OutboxLimits Limits { get; }

    /// <summary>Whether nothing of a queue is to be delivered at present; its entries stay as they are. Asked before each read, and again when the queue is woken.</summary>
    Task<bool> Rests(string queue) => Awake;

    private static readonly Task<bool> Awake = Task.FromResult(false);

    /// <summary>
    /// Delivers one entry, outside the grain's turn and beside entries of other subjects. An entry may come again although it
    /// was delivered, after a crash between delivery and commit. An exception counts as <see cref="OutboxVerdict.Retry"/>.
    /// </summary>
    /// <param name="stop">Fires when the server stops or <see cref="OutboxLimits.LongestDelivery"/> is over.</param>
    Task<OutboxVerdict> Deliver(OutboxItem item, CancellationToken stop);
}

/// <summary>One entry on its way.</summary>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Queued">When it was committed, milliseconds since 1970.</param>
internal sealed record OutboxItem(Guid Id, string Subject, Guid? TenantId, int Attempt, byte[] Body, long Queued)
{
    /// <summary>The queue's whole name.</summary>
    public string Queue { get; init; } = "";

    /// <summary>The event that it is about; null where it is about none, or the event is gone.</summary>
    public QueuedEvent? Event { get; init; }
}

/// <summary>How a delivery ended. Reasons are for operators: no secrets, no personal data.</summary>
internal abstract record OutboxVerdict
{
    private OutboxVerdict()
    {
    }

    /// <summary>The whole queue rests so long: nothing else is begun, and then one entry at a time until one went without this.</summary>
    public TimeSpan? Rest { get; init; }

    /// <summary>Adds to the commit that settles the entry; null for nothing.</summary>
    public Action<Commit>? Rows { get; init; }

    /// <summary>Delivered, or of no use to anybody any more: the entry leaves.</summary>
    public sealed record Done : OutboxVerdict;

    /// <summary>Not now: tried again after a pause, never before <paramref name="After"/> has passed if the receiver asked for that.</summary>
    public sealed record Retry(string Reason, TimeSpan? After = null) : OutboxVerdict;

    /// <summary>Nothing was tried that counts: the entry stays as it is.</summary>
    public sealed record Untouched : OutboxVerdict;

    /// <summary>Nothing was tried, since it is too early: the entry waits until an instant, milliseconds since 1970.</summary>
    public sealed record Later(long Due) : OutboxVerdict;

    /// <summary>Never: the entry is parked, and the reason goes to the event log.</summary>
    public sealed record Refused(string Reason) : OutboxVerdict;
}

/// <summary>How a queue is worked off.</summary>
internal sealed record OutboxLimits
{
    /// <summary>How many deliveries run at once.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>Afterwards the delivery is cancelled and counts as failed.</summary>
    public TimeSpan LongestDelivery { get; init; } = TimeSpan.FromMinutes(2);

    public BackOff BackOff { get; init; } = new();
}
