using Npgsql;

namespace OrleansAuth.Storage;

/// <summary>Removes what belongs to a tenant, a bounded number of rows in one transaction.</summary>
internal static class PostgresPurge
{
    private static readonly TableSql Sql = new('$');

    /// <returns>How many rows went, and the configuration's version if some of it was among them, else 0.</returns>
    public static async Task<(int Removed, long ConfigurationVersion)> Run(NpgsqlConnection connection, Guid tenant, int limit, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
        var (removed, configuration) = await States(connection, tenant, limit, stop).ConfigureAwait(false);
        removed += await Rows(connection, Sql.Purge("claim", "scope", "name"), tenant, limit - removed, stop).ConfigureAwait(false);
        foreach (var table in Tables.All.Where(table => table.HasTenant))
            removed += await Rows(connection, Sql.Purge(table.Name, table.Key), tenant, limit - removed, stop).ConfigureAwait(false);

        var version = configuration.Count == 0 ? 0 : await Announce(connection, configuration, stop).ConfigureAwait(false);
        await transaction.CommitAsync(stop).ConfigureAwait(false);
        return (removed, version);
    }

    private static async Task<(int Removed, List<StateKey> Configuration)> States(
        NpgsqlConnection connection, Guid tenant, int limit, CancellationToken stop)
    {
        var sql = $"with gone as ({Sql.Purge("state", "kind", "id")} returning kind, id) "
            + "select g.kind, g.id, c.kind is not null from gone g left join configuration_change c on c.kind = g.kind and c.id = g.id";
        var configuration = new List<StateKey>();
        var removed = 0;
        await using var command = Command(connection, sql, tenant, limit);
        await using var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        for (; await reader.ReadAsync(stop).ConfigureAwait(false); removed++)
        {
            if (reader.GetBoolean(2))
                configuration.Add(new StateKey(reader.GetString(0), reader.GetString(1)));
        }

        return (removed, configuration);
    }

    private static async Task<int> Rows(NpgsqlConnection connection, string sql, Guid tenant, int limit, CancellationToken stop)
    {
        if (limit <= 0)
            return 0;
        await using var command = Command(connection, sql, tenant, limit);
        return await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
    }

    private static async Task<long> Announce(NpgsqlConnection connection, List<StateKey> touched, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(PostgresBatch.Announce(touched));
        return (long)(await batch.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, Guid tenant, int limit)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(PostgresQuery.Typed(ColumnType.Uuid, tenant));
        command.Parameters.Add(PostgresQuery.Typed(ColumnType.Long, (long)limit));
        return command;
    }
}
