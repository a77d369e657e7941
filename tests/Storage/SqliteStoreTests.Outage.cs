using SQLitePCL;

namespace OrleansAuth.Storage;

public sealed partial class SqliteStoreTests
{
    [Fact]
    public async Task A_second_process_is_refused_with_the_folder_and_what_to_do()
    {
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreFactory.Open(Options));
        Assert.Contains($"'{_folder}' is in use by another process. Stop that one first", refusal.Message);
        Committed(await Store.Apply(new Commit().Put(NewKey(), 0, Json("x"))));
    }

    [Fact]
    public async Task A_missing_folder_is_created_for_this_user_alone()
    {
        var deep = Path.Combine(_folder, "a", "b");
        await using var store = await StoreFactory.Open(new StoreOptions { Path = deep });
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(deep));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_named()
    {
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreFactory.Open(new StoreOptions { Path = "/proc/nothing/data" }));
        Assert.Contains("'/proc/nothing/data' cannot be created", refusal.Message);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        await Store.DisposeAsync();
        var before = Path.Combine(_folder, "store.db");
        using (var link = SqliteLink.Writer(before))
            link.Execute("insert into schema_version (number, name) values (9999, 'later.sql')");

        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreFactory.Open(Options));
        Assert.Contains("has schema 9999", refusal.Message);
        Assert.Contains("Start that version again", refusal.Message);

        using (var link = SqliteLink.Writer(before))
            link.Execute("delete from schema_version where number = 9999");
        Store = await StoreFactory.Open(Options);
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_refused()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "store.db"), new string('x', 5000));
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreFactory.Open(new StoreOptions { Path = folder }));
        Assert.Contains("is damaged or not a store", refusal.Message);
        Assert.Equal(5000, new FileInfo(Path.Combine(folder, "store.db")).Length);
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_keeps_reads_and_loses_nothing()
    {
        var key = NewKey();
        Committed(await Store.Apply(new Commit().Put(key, 0, Json("before"))));
        await Store.DisposeAsync();

        // A bound on the file's pages gives the same error code as a full disk, at the same places.
        var folder = SqliteFolder.Take(_folder);
        using (var link = SqliteLink.Writer(folder.File))
        using (var writer = new SqliteWriter(link, _folder))
        {
            link.Script("pragma max_page_count = 1");
            var big = new Commit().Put(NewKey(), 0, new byte[1_000_000]);
            var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => writer.Submit(l => SqliteCommit.Run(l, big), default));
            Assert.Contains("is full. Free some space", refusal.Message);
            Assert.Contains(_folder, refusal.Message);
            Assert.False(link.InTransaction);

            link.Script("pragma max_page_count = 1000000");
            Committed(await writer.Submit(l => SqliteCommit.Run(l, new Commit().Put(key, 1, Json("after"))), default));
        }

        folder.Dispose();
        Store = await StoreFactory.Open(Options);
        Assert.Equal("after", Text(await Store.Read(key)));
    }

    [Theory]
    [InlineData(raw.SQLITE_READONLY, "cannot be written")]
    [InlineData(raw.SQLITE_CANTOPEN, "cannot be opened")]
    [InlineData(raw.SQLITE_BUSY, "locked by another program")]
    [InlineData(raw.SQLITE_IOERR | (4 << 8), "reports an error")]
    public void Every_outage_has_advice_that_names_the_folder(int code, string advice)
    {
        var told = Assert.IsType<StoreUnavailableException>(new SqliteFault(code, "x").Explain("/some/where"));
        Assert.Contains(advice, told.Message);
        Assert.Contains("/some/where", told.Message);
    }

    [Fact]
    public async Task A_query_cannot_write()
    {
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Store.Query("delete from state returning 1 as n", row => row.Long("n")));
    }
}
