namespace OrleansAuth.Webhooks;

/// <summary>The last ids of some kind, so many and no more: the oldest leaves for the newest.</summary>
internal sealed class RecentIds(int most)
{
    private readonly HashSet<Guid> _known = [];
    private readonly Queue<Guid> _order = [];

    public bool Contains(Guid id) => _known.Contains(id);

    public void Add(Guid id)
    {
        if (!_known.Add(id)) return;
        _order.Enqueue(id);
        if (_order.Count > most) _known.Remove(_order.Dequeue());
    }
}
