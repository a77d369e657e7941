using System.Globalization;

namespace OrleansAuth.Storage.Sessions;

/// <summary>
/// State rows of sessions whose list row a revocation of many took away: such a session is over, and nobody ever asks for its
/// state again. Looks at some at a time and remembers where it was, so that a large store costs no more than a small one.
/// </summary>
public sealed class OrphanedSessions(IStoreReader store)
{
    private static readonly string[] Kinds = [StoredSignOn.Key(Guid.Empty).Kind, StoredSession.Key(Guid.Empty).Kind];

    private int _kind;
    private string _after = "";

    /// <summary>Looks at the next rows, at most so many; after the last one begins anew.</summary>
    /// <returns>Whether these were the last, and a commit for each orphan that takes it away, refused if it was used meanwhile.</returns>
    public async Task<(bool IsRound, IReadOnlyList<Commit> Commits)> Next(int limit, CancellationToken stop)
    {
        var kind = Kinds[_kind];
        var rows = await store.Query(
            "select id, version from state where kind = @kind and id > @after order by id limit @limit",
            row => (Id: row.Text("id"), Version: row.Long("version")), stop, ("kind", kind), ("after", _after), ("limit", (long)limit)).ConfigureAwait(false);
        if (rows.Count < limit) (_kind, _after) = ((_kind + 1) % Kinds.Length, "");
        else _after = rows[^1].Id;
        var isRound = (_kind, _after) == (0, "");
        if (rows.Count == 0) return (isRound, []);

        // Opened in one commit with its list row, so a state seen above whose row is not there now has lost it.
        var listed = await store.Query("select id from refresh_token where id in @ids", row => row.Guid("id"), stop, ("ids", rows.Select(r => Id(r.Id)).ToArray())).ConfigureAwait(false);
        var known = listed.ToHashSet();
        var commits = new List<Commit>();
        foreach (var (id, version) in rows.Where(r => !known.Contains(Id(r.Id)))) commits.Add(await Remove(kind, Id(id), version, stop).ConfigureAwait(false));
        return (isRound, commits);
    }

    /// <summary>An imported token's claim goes with its session.</summary>
    private async Task<Commit> Remove(string kind, Guid id, long version, CancellationToken stop)
    {
        if (kind == StoredSession.Key(id).Kind && await store.Read(StoredSession.Key(id), stop).ConfigureAwait(false) is { } row && row.Version == version)
            return new Commit().EndSession(id, StoredSession.Read(row.Body), version);
        return new Commit().Remove(new StateKey(kind, id.ToString("N", CultureInfo.InvariantCulture)), version);
    }

    private static Guid Id(string text) => Guid.ParseExact(text, "N");
}
