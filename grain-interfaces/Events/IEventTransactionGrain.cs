using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Tenants;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Events;

/// <summary>
/// One event that its receivers may veto: asks all of them at once and decides once, as soon as the outcome is certain. Only the
/// refusal is stored here. Agreement becomes true with the commit of the change, which carries it, so the two cannot come apart.
/// </summary>
[Alias("event-transaction")]
public interface IEventTransactionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Asks the receivers and waits for them, at most for <see cref="EventProposal.Patience"/>. Asked again about the same event (the
    /// first caller's process died), it goes on where that one stopped, and never contradicts what was decided.
    /// </summary>
    [Alias("decide")]
    Task<EventDecision> Decide(EventProposal proposal);

    /// <summary>How the delivery to one receiver ended. The first report of each receiver counts.</summary>
    /// <returns>False where the event was decided without it: whoever reports keeps the attempt for the log.</returns>
    [Alias("report"), AlwaysInterleave]
    Task<bool> Report(DeliveryReport report);
}

/// <summary>An event before it is true.</summary>
/// <param name="Id">Receivers of a repeated delivery know it by this.</param>
/// <param name="Transaction">How many receivers must agree; not None.</param>
/// <param name="Body">What is sent, readable.</param>
/// <param name="Receivers">The ids of the webhooks that are asked, each once; at least one.</param>
[GenerateSerializer, Immutable, Alias("event.proposal.v1")]
public sealed record EventProposal(Guid Id, Guid TenantId, string Type, TransactionType Transaction, JsonText Body, ImmutableArray<Guid> Receivers)
{
    /// <summary>What it is about, at most 191 characters.</summary>
    [Id(0)] public string Subject { get; init; } = "";

    /// <summary>The id of what it is about, for searches.</summary>
    [Id(1)] public Guid? LinkedObjectId { get; init; }

    /// <summary>When it happened, milliseconds since 1970. Its id says the same; silos of versions before <see cref="Common.OrderedId"/> read it here.</summary>
    [Id(2)] public long Instant { get; init; }

    /// <summary>When its receivers are asked, milliseconds since 1970.</summary>
    [Id(3)] public long Asked { get; init; }

    /// <summary>How long receivers have from then on; whoever has not answered by the end has not agreed.</summary>
    [Id(4)] public TimeSpan Patience { get; init; }

    /// <summary>Names no content.</summary>
    public override string ToString() => $"event {Id}";
}

/// <summary>What the receivers of an event decided.</summary>
/// <param name="Agreed">Enough of them took it. It still holds only if the change is committed with it.</param>
/// <param name="Reports">Those that came in time, at most one of each receiver.</param>
[GenerateSerializer, Immutable, Alias("event.decision.v1")]
public sealed record EventDecision(bool Agreed, ImmutableArray<DeliveryReport> Reports);

/// <summary>How the grains of transactions are found.</summary>
public static class EventTransactionKeys
{
    /// <summary>The only place that knows the key.</summary>
    public static IEventTransactionGrain EventTransaction(this IGrainFactory grains, Guid tenantId, Guid eventId) =>
        grains.GetGrain<IEventTransactionGrain>($"{tenantId:N}/{eventId:N}");
}
