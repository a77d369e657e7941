namespace OrleansAuth.Outbox;

/// <summary>The queues of this server.</summary>
internal sealed class OutboxQueues(IEnumerable<IOutboxQueue> queues)
{
    private readonly Dictionary<string, IOutboxQueue> _queues = queues.Where(queue => !queue.IsFamily).ToDictionary(queue => queue.Name);
    private readonly IOutboxQueue[] _families = [.. queues.Where(queue => queue.IsFamily)];

    /// <summary>Those that are always there; the members of families come and go.</summary>
    public IEnumerable<string> Names => _queues.Keys;

    /// <summary>Null for a queue that this version does not know: its entries wait for one that does.</summary>
    public IOutboxQueue? Find(string name) =>
        _queues.GetValueOrDefault(name) ?? Array.Find(_families, family => name.StartsWith(family.Name, StringComparison.Ordinal));
}
