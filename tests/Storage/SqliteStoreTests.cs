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
}
