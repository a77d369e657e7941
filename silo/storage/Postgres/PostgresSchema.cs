using Npgsql;

namespace OrleansAuth.Storage;

/// <summary>Brings a PostgreSQL database to the schema of this program.</summary>
internal static class PostgresSchema
{
    // Any number will do, as long as no other program in the same database uses it.
    private const long LockNumber = 0x4F_41_75_74_68_01;

    /// <summary>Runs the missing scripts in one transaction while no other silo does.</summary>
    public static async Task Upgrade(NpgsqlDataSource source, string place, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
        await Run(connection, $"select pg_advisory_xact_lock({LockNumber})", stop).ConfigureAwait(false);
        await Run(connection, SchemaUpgrade.CreateVersionTable, stop).ConfigureAwait(false);
        var stored = (int)(await Run(connection, SchemaUpgrade.ReadVersion, stop).ConfigureAwait(false))!;
        foreach (var script in SchemaUpgrade.Missing(SchemaScript.All("postgres"), stored, $"PostgreSQL at {place}"))
        {
            await Run(connection, script.Sql, stop).ConfigureAwait(false);
            await Run(connection, $"insert into schema_version (number, name) values ({script.Number}, '{script.Name}')", stop).ConfigureAwait(false);
        }

        await transaction.CommitAsync(stop).ConfigureAwait(false);
    }

    private static async Task<object?> Run(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(stop).ConfigureAwait(false);
    }
}
