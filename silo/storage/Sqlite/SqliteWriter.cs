using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansAuth.Storage;

/// <summary>
/// The one place that writes. Whoever finds it free writes on the own thread, so that a lone commit costs no switch of
/// threads; work that arrives meanwhile is queued and shares the next transaction, which a pool thread then writes.
/// </summary>
internal sealed class SqliteWriter(SqliteLink link, string folder) : IThreadPoolWorkItem, IDisposable
{
    /// <summary>After a group that had to be run again, so many are run with care: what was refused once is often refused again.</summary>
    private const int CarefulGroups = 16;

    // Bounds how long the first member of a group waits for the last.
    private const int LargestGroup = 512;

    private readonly ConcurrentQueue<SqliteWork> _queue = new();
    private readonly List<SqliteWork> _group = [];
    private readonly Lock _gate = new();
    private int _busy;

    /// <summary>Groups that are still to be run with a way back for each member.</summary>
    private int _careful;
    private bool _closed;

    public Task<T> Submit<T>(Func<SqliteLink, (T Answer, bool Keep)> run, CancellationToken stop)
    {
        var work = new SqliteWork<T>(run, stop);
        _queue.Enqueue(work);
        if (Interlocked.CompareExchange(ref _busy, 1, 0) == 0)
            WriteOnce();
        return work.Done;
    }

    void IThreadPoolWorkItem.Execute() => WriteOnce();

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            link.Dispose();
        }
    }

    // The caller holds _busy. Work that came meanwhile goes to the pool: a caller writes for others once, not for ever.
    private void WriteOnce()
    {
        lock (_gate)
        {
            while (_group.Count < LargestGroup && _queue.TryDequeue(out var work))
                _group.Add(work);
            WriteGroup();
            _group.Clear();
        }

        if (_queue.IsEmpty)
        {
            Volatile.Write(ref _busy, 0);
            Interlocked.MemoryBarrier();
            if (_queue.IsEmpty || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
                return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void WriteGroup()
    {
        _group.RemoveAll(static work => work.Abandon());
        if (_group.Count == 0)
            return;
        var begun = Stopwatch.GetTimestamp();
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IStore));
            link.Execute("begin immediate");
            if (_careful > 0)
            {
                _careful--;
                RunCarefully();
            }
            else if (!RunBoldly())
            {
                _careful = CarefulGroups;
                link.Execute("rollback");
                link.Execute("begin immediate");
                RunCarefully();
            }

            link.Execute("commit");
            StoreMetrics.Written(_group.Count, begun);
        }
        catch (Exception reason)
        {
            FailAll(reason);
            return;
        }

        foreach (var work in _group)
            work.Succeed();
    }

    // A savepoint copies every page that the member then touches, so the first run does without.
    private bool RunBoldly()
    {
        foreach (var work in _group)
        {
            var before = link.TotalChanges;
            try
            {
                if (!work.Run(link) && link.TotalChanges != before)
                    return false;
            }
            catch (Exception reason) when (link.InTransaction && (reason is not SqliteFault fault || fault.Explain(folder) == fault))
            {
                return false;
            }
        }

        return true;
    }

    // Members that fault leave the group; refused ones stay in it, since their refusal holds only if the others commit.
    private void RunCarefully()
    {
        for (var i = 0; i < _group.Count; i++)
        {
            var work = _group[i];
            link.Execute("savepoint member");
            try
            {
                if (!work.Run(link))
                    link.Execute("rollback to member");
            }
            catch (Exception reason) when (link.InTransaction && (reason is not SqliteFault fault || fault.Explain(folder) == fault))
            {
                link.Execute("rollback to member");
                work.Fail(reason);
                _group.RemoveAt(i--);
            }

            link.Execute("release member");
        }
    }

    private void FailAll(Exception reason)
    {
        var told = reason switch
        {
            SqliteFault fault => fault.Explain(folder),
            ObjectDisposedException => new StoreUnavailableException("The store is closed: the server is stopping.", reason),
            _ => reason,
        };
        try
        {
            if (!_closed && link.InTransaction)
                link.Execute("rollback");
        }
        catch (SqliteFault)
        {
            // The first fault says it all; SQLite undoes the transaction when the file is next opened.
        }

        foreach (var work in _group)
            work.Fail(told);
    }
}
