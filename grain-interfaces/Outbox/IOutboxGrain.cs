namespace OrleansAuth.Outbox;

/// <summary>
/// Delivers what commits have put into one queue of the outbox: the first entry of each subject, several subjects at once. It
/// marks nothing as taken: an entry leaves when it has been delivered, so what a dead process had in hand is simply still there.
/// </summary>
[Alias("outbox")]
public interface IOutboxGrain : IGrainWithStringKey
{
    /// <summary>There may be something to deliver. Returns at once, whatever the queue is doing.</summary>
    [Alias("wake"), AlwaysInterleave]
    Task Wake();

    /// <summary>What made the queue rest is over: it goes on before its time. Returns at once.</summary>
    [Alias("resume"), AlwaysInterleave]
    Task Resume();

    /// <summary>Delivers an entry that was given up, as if it were new. False: there is no such entry.</summary>
    [Alias("resend")]
    Task<bool> Resend(Guid id);
}

/// <summary>How the grains of queues are found.</summary>
public static class OutboxGrainKeys
{
    /// <summary>The only place that knows the key, which is the queue's name. Queues are shared by all tenants.</summary>
    public static IOutboxGrain Outbox(this IGrainFactory grains, string queue) => grains.GetGrain<IOutboxGrain>(queue);
}
