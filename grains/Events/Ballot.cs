using System.Collections.Immutable;
using OrleansAuth.Tenants;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Events;

/// <summary>The answers of those who were asked about one event. The first of each counts; who was not asked counts nothing.</summary>
internal sealed class Ballot(TransactionType type, ImmutableArray<Guid> asked)
{
    private readonly Dictionary<Guid, DeliveryReport> _reports = [];

    /// <summary>Null while it depends on those who are missing.</summary>
    public bool? Certain => Majority.Certain(type, Agreed, _reports.Count - Agreed, asked.Length);

    /// <summary>The outcome if nobody else answers.</summary>
    public bool IsReached => Majority.IsReached(type, Agreed, asked.Length);

    public int Agreed { get; private set; }

    public IEnumerable<Guid> Missing => asked.Where(id => !_reports.ContainsKey(id));

    public ImmutableArray<DeliveryReport> Reports => [.. _reports.Values];

    public void Take(DeliveryReport report)
    {
        if (!asked.Contains(report.WebhookId) || !_reports.TryAdd(report.WebhookId, report)) return;
        if (report.Outcome == DeliveryOutcome.Delivered) Agreed++;
    }
}
