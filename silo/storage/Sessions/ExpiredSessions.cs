namespace OrleansAuth.Storage.Sessions;

/// <summary>Sessions whose row nobody needs any more.</summary>
public static class ExpiredSessions
{
    private const string Sql = "select id, session_kind from refresh_token where expires_at < @now order by expires_at limit @limit";

    /// <summary>A commit for each that takes it away, and is refused if it was used meanwhile.</summary>
    public static async Task<IReadOnlyList<Commit>> Find(IStoreReader store, long now, int limit, CancellationToken stop)
    {
        if (limit <= 0) return [];
        var rows = await store.Query(Sql, row => (Id: row.Guid("id"), Kind: row.Text("session_kind")), stop, ("now", now), ("limit", limit)).ConfigureAwait(false);
        var commits = new List<Commit>(rows.Count);
        foreach (var (id, kind) in rows)
        {
            var state = await store.Read(SessionKinds.Key(kind, id), stop).ConfigureAwait(false);
            if (state is null)
                commits.Add(new Commit().Delete(Tables.RefreshToken, ("id", id)));
            else if (kind == SessionKinds.SingleSignOn)
                commits.Add(new Commit().Remove(SessionKinds.Key(kind, id), state.Version).Delete(Tables.RefreshToken, ("id", id)));
            else
                commits.Add(new Commit().EndSession(id, StoredSession.Read(state.Body), state.Version));
        }

        return commits;
    }
}
