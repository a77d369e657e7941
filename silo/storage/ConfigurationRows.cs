namespace OrleansAuth.Storage;

/// <summary>The statement behind <see cref="IStoreReader.ConfigurationSince"/>: one statement, so version and rows are of one moment.</summary>
internal static class ConfigurationRows
{
    // A reader ahead of the store saw one that has since been replaced by an older copy: it gets everything.
    private const string Text =
        "select v.version as newest, c.kind as kind, c.id as id, s.version as version, s.body as body "
        + "from configuration_version v "
        + "left join configuration_change c on c.version > #1 or #1 > v.version "
        + "left join state s on s.kind = c.kind and s.id = c.id";

    private static readonly Dictionary<char, string> Texts = new() { ['?'] = Text.Replace('#', '?'), ['$'] = Text.Replace('#', '$') };

    /// <param name="marker">What stands before a parameter's number.</param>
    public static string Sql(char marker) => Texts[marker];

    public static (long Newest, StateKey? Key, StoredState? State) Map(IRow row)
    {
        var version = row.NullableLong("version");
        return (
            row.Long("newest"),
            row.NullableText("kind") is { } kind ? new StateKey(kind, row.Text("id")) : null,
            version is { } stored ? new StoredState(stored, row.Bytes("body")) : null);
    }

    public static ConfigurationChanges Collect(IReadOnlyList<(long Newest, StateKey? Key, StoredState? State)> rows) => new(
        rows.Count == 0 ? 0 : rows[0].Newest,
        [.. rows.Where(row => row.Key is not null).Select(row => (row.Key!.Value, row.State))]);
}
