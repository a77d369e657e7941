namespace OrleansAuth.Storage;

public sealed partial class SqliteStoreTests : StoreSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("store-").FullName;

    private protected override StoreOptions Options => new() { Path = _folder };

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private protected override Task<IReadOnlyList<(string Name, string Type, bool IsKey)>> ActualColumns(string table) => Store.Query(
        """
        select c.name, c.type, (case when x.columns is null then c.pk > 0 else c.name = x.columns end) as is_key
        from pragma_table_info(@table) c
        left join (select max(i.name) as columns from pragma_index_list(@table) l join pragma_index_info(l.name) i
                   where l.origin = 'u' having count(*) = 1) x on true
        """,
        row => (row.Text("name"), row.Text("type").ToLowerInvariant(), row.Bool("is_key")), default, ("table", table));

    private protected override string TypeName(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Uuid or ColumnType.Bytes => "blob",
        _ => "integer",
    };
}
