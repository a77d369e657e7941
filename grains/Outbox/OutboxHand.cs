using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

/// <summary>
/// What a queue has in hand: entries that were read and whose end is not stored, one of each subject at most. The store does not say which
/// entry is the first of its subject, so this does: reads go in the order of commits, and where something of a subject was passed over, nothing
/// of it is taken until a read begins at the front again. Used by the queue's turn alone, but for <see cref="TryTakeReady"/>.
/// </summary>
internal sealed class OutboxHand
{
    private readonly HashSet<Guid> _ids = [];
    private readonly ConcurrentQueue<OutboxRow> _ready = [];

    /// <summary>Subjects that have something in hand.</summary>
    private readonly HashSet<string> _subjects = new(StringComparer.Ordinal);
    private readonly HashSet<string> _aside = new(StringComparer.Ordinal);

    /// <summary>What left the hand while the store was being read, which may have been found before that; null while nothing is read.</summary>
    private HashSet<Guid>? _left;

    /// <summary>Entries in hand.</summary>
    public int Count => _ids.Count;

    /// <summary>Those of them whose delivery has not begun.</summary>
    public int Ready => _ready.Count;

    /// <summary>Subjects of which nothing is taken until a read begins at the front.</summary>
    public string[] Aside => _aside.Count == 0 ? [] : [.. _aside];

    /// <summary>A read begins; <see cref="EndRead"/> must follow.</summary>
    /// <param name="atFront">With the first entries that there are.</param>
    public void BeginRead(bool atFront)
    {
        _left = [];
        // More of what was passed over and is in hand still would be passed over again.
        if (atFront) _aside.IntersectWith(_subjects);
    }

    public void EndRead() => _left = null;

    /// <summary>Takes an entry that was found, in the order of finding, unless it has to wait.</summary>
    /// <returns>Whether it is in hand now and was not before.</returns>
    public bool Take(OutboxRow row)
    {
        if (_left!.Contains(row.Id) || _ids.Contains(row.Id) || (_aside.Contains(row.Subject) && !row.IsPutOff)) return false;
        var isFirst = _subjects.Add(row.Subject);
        // Behind what had been put off nothing was found, and once it is gone a read that goes on would find what is not the next.
        if (!isFirst || row.IsPutOff) _aside.Add(row.Subject);
        if (!isFirst) return false;
        _ids.Add(row.Id);
        _ready.Enqueue(row);
        return true;
    }

    /// <summary>The next that may be delivered. From any thread.</summary>
    public bool TryTakeReady([NotNullWhen(true)] out OutboxRow? row) => _ready.TryDequeue(out row);

    /// <summary>An entry is gone from the store.</summary>
    /// <returns>Whether something of its subject may be found from the front now.</returns>
    public bool Leave(Guid id, string subject)
    {
        _ids.Remove(id);
        _subjects.Remove(subject);
        _left?.Add(id);
        return _aside.Contains(subject);
    }

    /// <summary>An entry leaves the hand and stays in the store: what is behind it may have to wait, and is found again from the front.</summary>
    public void LetGo(Guid id, string subject)
    {
        Leave(id, subject);
        _aside.Add(subject);
    }

    /// <summary>What is not begun is let go; the next read must begin at the front.</summary>
    public void LayDown()
    {
        while (_ready.TryDequeue(out var row)) LetGo(row.Id, row.Subject);
    }
}
