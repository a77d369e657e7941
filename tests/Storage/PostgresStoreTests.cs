using OrleansAuth.Common;

namespace OrleansAuth.Storage;

public sealed partial class PostgresStoreTests(PostgresDatabase database) : StoreSuite, IClassFixture<PostgresDatabase>
{
    private protected override StoreOptions Options => new() { ConnectionString = database.ConnectionString };

    private protected override Task<IReadOnlyList<(string Name, string Type, bool IsKey)>> ActualColumns(string table) => Store.Query(
        """
        select c.column_name as name, c.data_type as type,
          exists (select 1 from information_schema.table_constraints t
                  join information_schema.key_column_usage k on k.constraint_name = t.constraint_name and k.table_name = t.table_name
                  where t.constraint_type = 'PRIMARY KEY' and t.table_name = c.table_name and k.column_name = c.column_name) as is_key
        from information_schema.columns c where c.table_name = @table
        """,
        row => (row.Text("name"), row.Text("type"), row.Bool("is_key")), default, ("table", table));

    private protected override string TypeName(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Uuid => "uuid",
        ColumnType.Long => "bigint",
        ColumnType.Bool => "boolean",
        _ => "bytea",
    };
}

/// <summary>One empty database for the tests of a class.</summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync() => ConnectionString = await (await PostgresFixture.Shared).NewDatabase();

    public Task DisposeAsync() => Task.CompletedTask;
}
