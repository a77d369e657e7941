using System.IO.Compression;
using System.Text;
using Npgsql;
using OrleansAuth.Common;

namespace OrleansAuth.Storage;

/// <summary>
/// Stores in the form of the first schema still open and read. The saved forms are never made anew; a
/// schema that follows gets a saved form of its own beside them.
/// </summary>
public sealed class SavedStoreTests
{
    private static readonly Guid Id = Guid.Parse("01020304-0506-0708-090a-0b0c0d0e0f10");

    [Fact]
    public async Task A_sqlite_file_of_the_first_schema_still_reads()
    {
        var folder = Directory.CreateTempSubdirectory("store-").FullName;
        await using (var saved = new GZipStream(File.OpenRead(Path.Combine(Here, "store-0001.db.gz")), CompressionMode.Decompress))
        await using (var file = File.Create(Path.Combine(folder, "store.db")))
            await saved.CopyToAsync(file);

        await using (var store = await StoreFactory.Open(new StoreOptions { Path = folder }))
            await Verify(store);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_postgres_database_of_the_first_schema_still_reads()
    {
        var connectionString = await (await PostgresFixture.Shared).NewDatabase();
        await using (var source = NpgsqlDataSource.Create(connectionString))
        await using (var command = source.CreateCommand(await File.ReadAllTextAsync(Path.Combine(Here, "store-0001.postgres.sql"))))
            await command.ExecuteNonQueryAsync();

        await using var store = await StoreFactory.Open(new StoreOptions { ConnectionString = connectionString });
        await Verify(store);
    }

    private static string Here => Path.Combine(AppContext.BaseDirectory, "Storage", "saved");

    private static async Task Verify(IStore store)
    {
        var state = await store.Read(new StateKey("user", "ada"));
        Assert.Equal((7, "{\"name\":\"Ada 🦊\"}"), (state!.Version, Encoding.UTF8.GetString(state.Body.Span)));
        Assert.Equal("ada", await store.FindOwner(new ClaimKey("login/t", "ada@example.com")));
        Assert.Equal(3, await store.ConfigurationVersion());
        var change = Assert.Single((await store.ConfigurationSince(2)).Rows);
        Assert.Equal(new StateKey("user", "ada"), change.Key);
        Assert.Equal((Id, true, "ada@example.com", "ada", 42L), Assert.Single(await store.Query(
            "select * from user_search where tenant_id = @tenant",
            row => (row.Guid("id"), row.Bool("active"), row.Text("email"), row.Text("username_lower"), row.Long("insert_instant")), default, ("tenant", Id))));

        Assert.IsType<CommitResult.Committed>(await store.Apply(new Commit().Put(new StateKey("user", "ada"), 7, "{}"u8.ToArray())));
        Assert.Equal(1, await store.PurgeTenant(Id, 1));
    }
}
