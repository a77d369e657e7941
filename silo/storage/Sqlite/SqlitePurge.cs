namespace OrleansAuth.Storage;

/// <summary>Removes what belongs to a tenant, a bounded number of rows at a time.</summary>
internal static class SqlitePurge
{
    private static readonly TableSql Sql = new('?');

    /// <returns>How many rows went, and the configuration's version if some of it was among them, else 0.</returns>
    public static (int Removed, long ConfigurationVersion) Run(SqliteLink link, Guid tenant, int limit)
    {
        var (removed, version) = States(link, tenant, limit);
        removed += Rows(link, Sql.Purge("claim", "scope", "name"), tenant, limit - removed);
        foreach (var table in Tables.All.Where(table => table.HasTenant))
            removed += Rows(link, Sql.Purge(table.Name, table.Key), tenant, limit - removed);
        return (removed, version);
    }

    private static (int Removed, long Version) States(SqliteLink link, Guid tenant, int limit)
    {
        var gone = new List<StateKey>();
        var statement = link.Prepare(Sql.Purge("state", "kind", "id") + " returning kind, id").Bind(1, tenant).Bind(2, limit);
        try
        {
            while (statement.Step())
                gone.Add(new StateKey(statement.Text("kind"), statement.Text("id")));
        }
        finally
        {
            statement.Reset();
        }

        var configuration = gone.Where(key => IsConfiguration(link, key)).ToList();
        return (gone.Count, configuration.Count == 0 ? 0 : SqliteCommit.Announce(link, configuration));
    }

    private static bool IsConfiguration(SqliteLink link, StateKey key)
    {
        var statement = link.Prepare("select 1 from configuration_change where kind = ?1 and id = ?2").Bind(1, key.Kind).Bind(2, key.Id);
        try
        {
            return statement.Step();
        }
        finally
        {
            statement.Reset();
        }
    }

    private static int Rows(SqliteLink link, string sql, Guid tenant, int limit) =>
        limit <= 0 ? 0 : link.Prepare(sql).Bind(1, tenant).Bind(2, limit).Execute();
}
