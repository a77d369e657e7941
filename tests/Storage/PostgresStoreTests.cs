using OrleansAuth.Common;

namespace OrleansAuth.Storage;

public sealed partial class PostgresStoreTests(PostgresDatabase database) : StoreSuite, IClassFixture<PostgresDatabase>
{
    private protected override StoreOptions Options => new() { ConnectionString = database.ConnectionString };
}

/// <summary>One empty database for the tests of a class.</summary>
public sealed class PostgresDatabase : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync() => ConnectionString = await (await PostgresFixture.Shared).NewDatabase();

    public Task DisposeAsync() => Task.CompletedTask;
}
