using OrleansAuth.Common;
using OrleansAuth.Setup;
using OrleansAuth.Storage;

namespace OrleansAuth.Hosting;

/// <summary>Processes that do not fit to their database, on either engine.</summary>
public sealed class StartCheckTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Theory]
    [InlineData(61, "61 seconds ahead of the database's")]
    [InlineData(-300, "300 seconds behind the database's")]
    public async Task A_clock_that_is_wrong_stops_the_start(int seconds, string sentence)
    {
        await using var store = await Store();
        var refusal = await Assert.ThrowsAsync<SettingsException>(() => Check(store, "main", seconds).StartAsync(default));
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(-50)]
    public async Task A_clock_that_is_nearly_right_does_not(int seconds)
    {
        await using var store = await Store();
        await Cluster("main", "now()", status: 3);
        await Check(store, "main", seconds).StartAsync(default);
    }

    [Fact]
    public async Task The_database_of_a_running_cluster_is_for_its_own_processes_only()
    {
        await using var store = await Store();
        await Cluster("running", "now()", status: 3);
        await Check(store, "running").StartAsync(default);
        Assert.Contains("says Silo:ClusterId 'other'", (await Refusal("other")).Message, StringComparison.Ordinal);
        Assert.Contains("has no Silo:ClusterId", (await Refusal(null)).Message, StringComparison.Ordinal);

        Task<SettingsException> Refusal(string? id) => Assert.ThrowsAsync<SettingsException>(() => Check(store, id).StartAsync(default));
    }

    [Theory]
    [InlineData("now() - interval '1 minute'", 3)]
    [InlineData("now()", 6)]
    public async Task A_cluster_that_is_gone_keeps_nobody_out(string alive, int status)
    {
        await using var store = await Store();
        await Cluster("gone", alive, status);
        await Check(store, "next").StartAsync(default);
    }

    [Fact]
    public async Task A_process_refuses_with_a_sentence_and_no_trace()
    {
        await (await Store()).DisposeAsync();
        await Cluster("running", "now() + interval '1 hour'", status: 3);
        using var folder = new TemporaryFolder();
        await using var server = ServerProcess.Launch(folder.Path, "--urls=http://127.0.0.1:0", $"--Storage:ConnectionString={database.ConnectionString}", $"--Secrets:MasterKey={new string('A', 43)}=");
        Assert.Equal(1, await server.Exit());
        Assert.Contains("The server did not start. The database belongs to the cluster 'running'", server.Written, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Written, StringComparison.Ordinal);
    }

    private static StartCheck Check(IStore store, string? cluster, int ahead = 0) => new(store, cluster, new Clock(new Ahead(TimeSpan.FromSeconds(ahead))));

    private Task<IStore> Store() => StoreFactory.Open(new StoreOptions { ConnectionString = database.ConnectionString });

    /// <summary>A cluster with one silo, and no other.</summary>
    private async Task Cluster(string id, string alive, int status)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand($"""
            delete from cluster;
            insert into cluster (id, version) values ('{id}', 1);
            insert into cluster_silo (cluster_id, address, port, generation, name, host, status, gateway_port, start_time, alive_time)
            values ('{id}', '127.0.0.1', 1, 1, 's', 'h', {status}, 2, now(), {alive})
            """);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
