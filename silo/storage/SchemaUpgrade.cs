namespace OrleansAuth.Storage;

/// <summary>The one decision of an upgrade, the same for both databases; each runs the scripts under its own lock.</summary>
internal static class SchemaUpgrade
{
    public const string CreateVersionTable =
        "create table if not exists schema_version (number integer not null primary key, name text not null)";

    public const string ReadVersion = "select coalesce(max(number), 0) as newest from schema_version";

    /// <summary>The scripts that the database still lacks.</summary>
    /// <exception cref="StoreUnavailableException">The database was written by a newer version of the program.</exception>
    public static IEnumerable<SchemaScript> Missing(IReadOnlyList<SchemaScript> scripts, long stored, string place)
    {
        var newest = scripts[^1].Number;
        if (stored > newest)
            throw new StoreUnavailableException(
                $"The store in {place} has schema {stored}, and this program knows schemas up to {newest}: a newer version wrote it. "
                + "Start that version again, or restore a backup from before the upgrade. Nothing was changed.");
        return scripts.Where(script => script.Number > stored);
    }
}
