namespace OrleansAuth.Storage;

/// <summary>Brings a SQLite file to the schema of this program.</summary>
internal static class SqliteSchema
{
    /// <summary>Runs the missing scripts in one exclusive transaction: all of them or none.</summary>
    public static void Upgrade(SqliteLink link, string folder)
    {
        link.Script("begin exclusive");
        try
        {
            link.Script(SchemaUpgrade.CreateVersionTable);
            var stored = Stored(link);
            foreach (var script in SchemaUpgrade.Missing(SchemaScript.All("sqlite"), stored, $"the data folder '{folder}'"))
            {
                link.Script(script.Sql);
                link.Prepare("insert into schema_version (number, name) values (?1, ?2)").Bind(1, script.Number).Bind(2, script.Name).Execute();
            }

            link.Script("commit");
        }
        catch
        {
            if (link.InTransaction)
                link.Script("rollback");
            throw;
        }
    }

    private static long Stored(SqliteLink link)
    {
        var statement = link.Prepare(SchemaUpgrade.ReadVersion);
        try
        {
            return statement.Step() ? statement.Long("newest") : 0;
        }
        finally
        {
            statement.Reset();
        }
    }
}
