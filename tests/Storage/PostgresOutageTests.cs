using Npgsql;
using OrleansAuth.Common;

namespace OrleansAuth.Storage;

/// <summary>What happens when PostgreSQL goes away and comes back; on a server that no other test uses.</summary>
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private readonly Guid _tenant = Guid.NewGuid();
    private PostgresFixture _server = null!;
    private StoreOptions _options = null!;

    public async Task InitializeAsync()
    {
        _server = await PostgresFixture.Start();
        _options = new StoreOptions { ConnectionString = await _server.NewDatabase() };
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_server_that_crashes_in_a_storm_loses_no_acknowledged_commit()
    {
        using var writer = new CrashWriter(_options, _tenant);
        var acknowledged = await writer.Acknowledged(1000, _ => _server.Crash());
        await _server.Resume();

        await using var store = await StoreFactory.Open(_options);
        await CrashWriter.Verify(store, _tenant, acknowledged);
    }

    [Fact]
    public async Task An_outage_is_told_plainly_and_ends_by_itself()
    {
        await using var store = await StoreFactory.Open(_options);
        var heard = System.Threading.Channels.Channel.CreateUnbounded<long>();
        store.ConfigurationChanged += version => heard.Writer.TryWrite(version);
        Assert.IsType<CommitResult.Committed>(await store.Apply(Put("before", 0)));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.ConfigurationVersion())); // several pooled connections

        await _server.Crash();
        var write = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Apply(Put("during", 0)));
        var read = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Read(new StateKey("test", "before")));
        foreach (var told in (string[])[write.Message, read.Message])
            Assert.Contains("cannot be reached. Check that it runs", told);
        Assert.DoesNotContain("only-for-tests", write.ToString());

        await _server.Resume();
        Assert.NotNull(await store.Read(new StateKey("test", "before")));
        Assert.Null(await store.Read(new StateKey("test", "during")));
        Assert.IsType<CommitResult.Committed>(await store.Apply(Put("after", 0)));

        // The listener comes back too, and hears what another process commits.
        await using var other = await StoreFactory.Open(_options);
        var announced = Assert.IsType<CommitResult.Committed>(await other.Apply(Put("configuration", 0).AnnounceConfiguration()));
        Assert.Equal(announced.ConfigurationVersion, await heard.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Connections_that_the_server_closed_are_replaced_without_a_word()
    {
        await using var store = await StoreFactory.Open(_options);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.ConfigurationVersion()));
        await _server.Crash();
        await _server.Resume();
        Assert.IsType<CommitResult.Committed>(await store.Apply(Put("one", 0)));
        Assert.NotNull(await store.Read(new StateKey("test", "one")));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_with_its_place_and_no_password()
    {
        var refusal = await Refused(new NpgsqlConnectionStringBuilder(_options.ConnectionString) { Host = "/nowhere", Password = "top-secret-1" });
        Assert.Contains("PostgreSQL at /nowhere:5432", refusal.Message);
        Assert.Contains("cannot be reached", refusal.Message);
    }

    [Fact]
    public async Task A_wrong_password_or_database_is_told_apart()
    {
        Assert.Contains("refuses the login", (await Refused(new NpgsqlConnectionStringBuilder(_options.ConnectionString) { Password = "top-secret-1" })).Message);
        Assert.Contains("no such database", (await Refused(new NpgsqlConnectionStringBuilder(_options.ConnectionString) { Database = "absent" })).Message);
        var malformed = await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreFactory.Open(new StoreOptions { ConnectionString = "Host=x;Passwort=top-secret-1" }));
        Assert.DoesNotContain("top-secret-1", malformed.ToString());
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await (await StoreFactory.Open(_options)).DisposeAsync();
        await using (var source = NpgsqlDataSource.Create(_options.ConnectionString!))
        await using (var command = source.CreateCommand("insert into schema_version (number, name) values (9999, 'later.sql')"))
            await command.ExecuteNonQueryAsync();
        Assert.Contains("has schema 9999", (await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreFactory.Open(_options))).Message);
    }

    [Fact]
    public async Task Silos_that_start_at_once_upgrade_the_schema_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => StoreFactory.Open(_options))));
        Assert.All(await Task.WhenAll(stores.Select(store => store.ConfigurationVersion())), version => Assert.Equal(0, version));
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    private static async Task<StoreUnavailableException> Refused(NpgsqlConnectionStringBuilder settings)
    {
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(() => StoreFactory.Open(new StoreOptions { ConnectionString = settings.ConnectionString }));
        Assert.DoesNotContain("top-secret-1", refusal.ToString());
        return refusal;
    }

    private Commit Put(string id, long version) => new Commit().Put(new StateKey("test", id), version, new byte[10], _tenant);
}
