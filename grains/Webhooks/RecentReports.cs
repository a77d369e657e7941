namespace OrleansAuth.Webhooks;

/// <summary>The last reports of some kind, so many and no more: the oldest leaves for the newest. The first one about an event stands.</summary>
internal sealed class RecentReports(int most)
{
    private readonly Dictionary<Guid, DeliveryReport> _known = [];
    private readonly Queue<Guid> _order = [];

    public DeliveryReport? Find(Guid eventId) => _known.GetValueOrDefault(eventId);

    public void Add(DeliveryReport report)
    {
        if (!_known.TryAdd(report.EventId, report)) return;
        _order.Enqueue(report.EventId);
        if (_order.Count > most) _known.Remove(_order.Dequeue());
    }
}
