namespace OrleansAuth.Storage.Identifiers;

/// <summary>Identifiers whose row nobody needs any more.</summary>
public static class ExpiredIdentifiers
{
    private const string Sql =
        "select i.id, s.version from identifier i left join state s on s.kind = 'identifier' and s.id = i.id where i.expires_at < @now order by i.expires_at limit @limit";

    /// <summary>A commit for each that takes it away, and is refused if it was used meanwhile.</summary>
    public static Task<IReadOnlyList<Commit>> Find(IStoreReader store, long now, int limit, CancellationToken stop) => store.Query(
        Sql,
        row =>
        {
            var id = row.Text("id");
            var commit = new Commit().Delete(Tables.Identifier, ("id", id));
            return row.NullableLong("version") is { } version ? commit.Remove(StoredIdentifier.Key(id), version) : commit;
        },
        stop,
        ("now", now), ("limit", limit));
}
