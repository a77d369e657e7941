using OrleansAuth.Common;

namespace OrleansAuth.Storage.Audit;

/// <summary>
/// Finds what logs hold longer than they should and makes the commits that remove it. Each finds a bounded number of entries, the oldest
/// first, and none when nothing is left. Several processes may do it at once: what is gone stays gone.
/// </summary>
public sealed class ExpiredLogs(IStoreReader store)
{
    /// <summary>Of a log that stays for a time: entries from before an instant, milliseconds since 1970.</summary>
    public async Task<Commit?> Before(Table table, long instant, int limit, CancellationToken stop = default) => Removing(table, await store.Query(
        $"select id from {table.Name} where instant < @instant order by instant limit @limit", row => row.Guid("id"), stop,
        ("instant", instant), ("limit", (long)limit)).ConfigureAwait(false));

    /// <summary>Of a log that stays up to a number: entries behind the newest so many.</summary>
    public async Task<Commit?> Behind(Table table, long number, int limit, CancellationToken stop = default)
    {
        var edge = await store.Query(
            $"select instant, id from {table.Name} order by instant desc, id desc limit 1 offset @number",
            row => new LogPlace(row.Long("instant"), row.Guid("id")), stop, ("number", number)).ConfigureAwait(false);
        if (edge.Count == 0) return null;
        return Removing(table, await store.Query(
            $"select id from {table.Name} where (instant, id) <= (@instant, @id) order by instant, id limit @limit", row => row.Guid("id"), stop,
            ("instant", edge[0].Instant), ("id", edge[0].Id), ("limit", (long)limit)).ConfigureAwait(false));
    }

    /// <summary>
    /// Events after a place and from before an instant, with their attempts. One that waits for delivery, or was given up and may still
    /// be sent again, stays, and so does one whose transaction is not decided.
    /// </summary>
    /// <returns>The commit, and the place to go on from.</returns>
    public async Task<(Commit? Commit, LogPlace Next)> Events(LogPlace after, long instant, int limit, CancellationToken stop = default)
    {
        var found = await store.Query(
            "select w.insert_instant as instant, w.id as id from webhook_event w where w.id < @end and w.id > @after "
            + "and w.result <> 'Running' and not exists (select 1 from outbox o where o.event_id = w.id) order by w.id limit @limit",
            row => new LogPlace(row.Long("instant"), row.Guid("id")), stop,
            ("end", OrderedId.First(instant)), ("after", after.AmongIds), ("limit", (long)limit)).ConfigureAwait(false);
        if (found.Count == 0) return (null, after);
        var commit = new Commit();
        foreach (var place in found) commit.Delete(Tables.WebhookEvent, ("id", place.Id)).Delete(Tables.WebhookAttempt, ("event_id", place.Id));
        return (commit, found[^1]);
    }

    private static Commit? Removing(Table table, IReadOnlyList<Guid> ids)
    {
        if (ids.Count == 0) return null;
        var commit = new Commit();
        foreach (var id in ids) commit.Delete(table, ("id", id));
        return commit;
    }
}
