using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;
using OrleansAuth.Common;
using OrleansAuth.Deploy;

namespace OrleansAuth.Storage;

/// <summary>Backup and restore as the operator's page describes them, with the databases' own tools, while the server runs.</summary>
public sealed class BackupTests
{
    private const string Password = "correct horse";
    private const string Address = "--Web:PublicUrl=https://login.example.com";

    [Fact]
    public async Task A_dump_of_PostgreSQL_is_a_server_again_with_the_master_key()
    {
        var postgres = await PostgresFixture.Shared;
        var (source, target) = (await postgres.NewDatabase(), await postgres.NewDatabase());
        var key = $"--Secrets:MasterKey={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        using var folder = new Setup.TemporaryFolder();
        var dump = Path.Combine(folder.Path, "dump");
        string token;
        Guid application;
        await using (var server = await TestServer.Start(settings: [$"--Storage:ConnectionString={source}", key, Address]))
        {
            application = await server.NewApplication(server.DefaultTenant);
            await Register(server, "ada@example.com", application);
            token = await LogIn(server, application);
            await Command.Must(Path.Combine(Tools.PostgresFolder, "pg_dump"), ["--format=custom", $"--file={dump}", $"--dbname={Conninfo(source)}"]);
            // What comes after the backup is not in it.
            await Register(server, "late@example.com", application);
        }

        await Command.Must(Path.Combine(Tools.PostgresFolder, "pg_restore"), ["--exit-on-error", "--single-transaction", "--no-owner", $"--dbname={Conninfo(target)}", dump]);
        await using var restored = await TestServer.Start(settings: [$"--Storage:ConnectionString={target}", key, Address]);
        await LogIn(restored, application);
        (await restored.Send(HttpMethod.Get, "/api/jwt/validate", bearer: token)).Is(200);
        (await restored.Get("/api/user?email=late@example.com")).Is(404);
        (await restored.Get("/health/ready", key: "")).Is(200);
    }

    [Fact]
    public async Task An_online_backup_of_SQLite_holds_all_that_was_acknowledged_before_it_began()
    {
        using var folder = new Setup.TemporaryFolder();
        var acknowledged = new ConcurrentBag<string>();
        List<string> before;
        string token;
        Guid application;
        await using (var server = await TestServer.Start(settings: [Address]))
        {
            application = await server.NewApplication(server.DefaultTenant);
            await Register(server, "ada@example.com", application);
            token = await LogIn(server, application);
            using var enough = new CancellationTokenSource();
            var twenty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, 4).Select(_ => Write(server, acknowledged, twenty, enough.Token)).ToArray();
            await Task.WhenAny(twenty.Task, Task.WhenAll(writers));
            before = [.. acknowledged];
            var sqlite = Tools.OnPath("sqlite3") ?? throw Tools.Missing("sqlite3");
            await Command.Must(sqlite, [Path.Combine(server.Folder, "store.db"), $".backup '{Path.Combine(folder.Path, "store.db")}'"]);
            await enough.CancelAsync();
            await Task.WhenAll(writers);
            File.Copy(Path.Combine(server.Folder, "master.key"), Path.Combine(folder.Path, "master.key"));
            Assert.Equal("ok", (await Command.Must(sqlite, [Path.Combine(folder.Path, "store.db"), "pragma integrity_check"])).Trim());
        }

        await using var restored = await TestServer.Start(folder: folder.Path, settings: [Address]);
        foreach (var name in before) (await restored.Get($"/api/user?username={name}")).Is(200);
        await LogIn(restored, application);
        (await restored.Send(HttpMethod.Get, "/api/jwt/validate", bearer: token)).Is(200);
    }

    private static async Task Register(TestServer server, string email, Guid application) => (await server.Post(
        "/api/user/registration", new { user = new { email, password = Password }, registration = new { applicationId = application } })).Is(200);

    private static async Task<string> LogIn(TestServer server, Guid application) => (string)(await server.Post(
        "/api/login", new { loginId = "ada@example.com", password = Password, applicationId = application })).Is(200).Body["token"]!;

    private static async Task Write(TestServer server, ConcurrentBag<string> acknowledged, TaskCompletionSource twenty, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var username = Guid.NewGuid().ToString("N");
            (await server.Post("/api/user", new { user = new { username, password = Password } })).Is(200);
            acknowledged.Add(username);
            if (acknowledged.Count >= 20) twenty.TrySetResult();
        }
    }

    /// <summary>The same connection in the form of PostgreSQL's own programs.</summary>
    private static string Conninfo(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return $"host={settings.Host} user={settings.Username} password={settings.Password} dbname={settings.Database}";
    }
}
