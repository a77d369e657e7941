using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Audit;

/// <summary>Logs as they come.</summary>
public sealed class LogTailTests
{
    [Fact]
    public async Task Each_log_is_told_as_it_grows_and_nothing_of_before()
    {
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant();
        await using var listener = await TailListener.Start(server);
        await Write(server, "audit", "changed", tenant);
        await Write(server, "event", "reported");
        await Write(server, "login", "192.0.2.1", tenant);
        await Write(server, "webhook", "https://receiver.example", tenant);
        var told = (await listener.Next(4)).ToDictionary(entry => entry.Kind, entry => entry.Data);
        Assert.Equal("changed", (string?)told["audit"]["message"]);
        Assert.Equal("reported", (string?)told["event"]["message"]);
        Assert.Equal(("192.0.2.1", tenant), ((string?)told["login"]["ipAddress"], (Guid)told["login"]["tenantId"]!));
        Assert.Equal("https://receiver.example", (string?)told["webhook"]["webhookCallResponse"]!["url"]);
    }

    [Fact]
    public async Task Logins_that_fail_are_told_and_the_name_that_nobody_has_is_not()
    {
        await using var server = await TestServer.Start();
        var tenant = await server.NewTenant();
        var application = await server.NewApplication(tenant);
        var user = (Guid)(await server.Post("/api/user/registration", new { user = new { email = "ada@example.com", password = "correct horse battery" }, registration = new { applicationId = application } }, tenant: tenant)).Is(200).Body["user"]!["id"]!;
        await using var listener = await TailListener.Start(server, "?kinds=login,login-failed");
        foreach (var (name, password) in ((string, string)[])[("ada@example.com", "wrong-password"), ("my-secret-typed-here", "wrong-password"), ("ada@example.com", "correct horse battery")])
            await server.Post("/api/login", new { loginId = name, password, applicationId = application });
        var told = await listener.Next(3);
        Assert.Equal(["login", "login-failed", "login-failed"], told.Select(entry => entry.Kind).Order());
        var failed = told.Where(entry => entry.Kind == "login-failed").Select(entry => entry.Data).ToList();
        Assert.Equal([null, user], failed.Select(entry => (Guid?)entry["userId"]).Order());
        Assert.All(failed, entry => Assert.Equal((tenant, application, "127.0.0.1"), ((Guid)entry["tenantId"]!, (Guid)entry["applicationId"]!, (string?)entry["ipAddress"])));
        Assert.All(told, entry => Assert.DoesNotContain("wrong-password", entry.Data.ToJsonString(), StringComparison.Ordinal));
        Assert.All(told, entry => Assert.DoesNotContain("my-secret-typed-here", entry.Data.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_of_a_tenant_hears_of_its_tenant_alone_and_kinds_leave_out_the_rest()
    {
        await using var server = await TestServer.Start();
        var (tenant, other) = (await server.NewTenant(), await server.NewTenant());
        var key = (string)(await server.Post("/api/api-key", new { apiKey = new { tenantId = tenant } })).Is(200).Body["apiKey"]!["key"]!;
        await using var own = await TailListener.Start(server, "", key);
        await using var some = await TailListener.Start(server, $"?kinds=audit&tenantId={other}");
        await Write(server, "event", "of the system");
        await Write(server, "audit", "of the system");
        await Write(server, "audit", "of the other", other);
        await Write(server, "login", "192.0.2.2", other);
        await Write(server, "audit", "own", tenant);
        Assert.Equal("own", (string?)Assert.Single(await own.Next(1)).Data["message"]);
        Assert.Equal("of the other", (string?)Assert.Single(await some.Next(1)).Data["message"]);
        Assert.Equal("tenantId", (await server.Get($"/api/system/log/tail?tenantId={other}", key)).Is(400).Body["fieldErrors"]!.AsObject().Single().Key);
        (await server.Get("/api/system/log/tail?kinds=passwords")).Is(400);
        (await server.Send(HttpMethod.Get, "/api/system/log/tail", headers: [("Last-Event-ID", "x")])).Is(400);
    }

    [Fact]
    public async Task Whoever_comes_back_with_the_last_id_misses_nothing_also_across_a_restart()
    {
        var server = await TestServer.Start();
        var listener = await TailListener.Start(server, "?kinds=audit");
        await Write(server, "audit", "first");
        await listener.Next(1);
        var place = listener.LastId;
        await listener.DisposeAsync();
        server.Time.Advance(TimeSpan.FromMinutes(10));
        await Write(server, "audit", "while nobody listened");
        await using var again = await server.Restart();
        await Write(again, "audit", "after the restart");
        await using (var back = await TailListener.Start(again, "?kinds=audit", lastId: place))
        {
            var missed = new HashSet<string?> { "while nobody listened", "after the restart" };
            while (missed.Count > 0) missed.ExceptWith((await back.Next(1)).Select(entry => (string?)entry.Data["message"]));
        }

        Directory.Delete(again.Folder, recursive: true);
    }

    [Fact]
    public async Task A_commit_that_took_long_is_told_all_the_same_and_once()
    {
        await using var server = await TestServer.Start();
        await using var listener = await TailListener.Start(server, "?kinds=audit");
        await Write(server, "audit", "quick");
        Assert.Equal("quick", (string?)Assert.Single(await listener.Next(1)).Data["message"]);
        await Write(server, "audit", "slow", late: TimeSpan.FromSeconds(20));
        Assert.Equal("slow", (string?)Assert.Single(await listener.Next(1)).Data["message"]);
        await Write(server, "audit", "last");
        Assert.Equal("last", (string?)Assert.Single(await listener.Next(1)).Data["message"]);
    }

    [Fact]
    public async Task Whoever_is_too_far_behind_is_told_that_something_is_missing()
    {
        await using var server = await TestServer.Start();
        var listener = await TailListener.Start(server, "?kinds=event");
        var place = listener.LastId;
        await listener.DisposeAsync();
        await Write(server, "event", "long ago");
        server.Time.Advance(TimeSpan.FromHours(2));
        await Write(server, "event", "now");
        await using var back = await TailListener.Start(server, "?kinds=event", lastId: place);
        var told = await back.Next(2);
        Assert.Equal(["lost", "event"], told.Select(entry => entry.Kind));
        Assert.Equal(("event", long.Parse(place, System.Globalization.CultureInfo.InvariantCulture)), ((string?)told[0].Data["kind"], (long)told[0].Data["start"]!));
        Assert.Equal("now", (string?)told[1].Data["message"]);
    }

    [Fact]
    public async Task A_listener_that_does_not_read_gets_everything_later_and_keeps_nobody_waiting()
    {
        await using var server = await TestServer.Start();
        await using var slow = await TailListener.Start(server, "?kinds=event");
        const int rows = 3_000;
        var (commit, text) = (new Commit(), new string('x', 2_000));
        for (var i = 0; i < rows; i++) commit.Upsert(Tables.EventLog, ("id", Guid.NewGuid()), ("type", "Debug"), ("message", $"{i} {text}"), ("instant", Now(server)));
        await Store(server).Apply(commit);
        server.Time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(rows, (int)(await server.Get("/api/system/event-log/search?message=xxx")).Is(200).Body["total"]!);
        var told = await slow.Next(rows);
        Assert.Equal(rows, told.Select(entry => ((string?)entry.Data["message"])!.Split(' ')[0]).Distinct().Count());
    }

    [Fact]
    public async Task A_key_that_is_revoked_hears_nothing_more()
    {
        await using var server = await TestServer.Start();
        var key = (await server.Post("/api/api-key", new { apiKey = new { } })).Is(200).Body["apiKey"]!;
        await using var listener = await TailListener.Start(server, "?kinds=audit", (string)key["key"]!);
        (await server.Delete($"/api/api-key/{(Guid)key["id"]!}")).Is(200);
        await Write(server, "audit", "secret");
        server.Time.Advance(TimeSpan.FromMilliseconds(500));
        await listener.End();
        Assert.Equal(0, server.Services.GetRequiredService<TailPlaces>().Taken);
    }

    [Fact]
    public async Task A_server_that_stops_ends_the_stream_and_only_so_many_may_listen()
    {
        var server = await TestServer.Start();
        var listeners = new List<TailListener>();
        for (var i = 0; i < TailPlaces.Most; i++) listeners.Add(await TailListener.Start(server, "?kinds=audit"));
        Assert.NotNull((await server.Get("/api/system/log/tail")).Is(429).Headers["Retry-After"]);
        var stopping = server.DisposeAsync();
        foreach (var listener in listeners)
        {
            await listener.End();
            await listener.DisposeAsync();
        }

        await stopping;
    }

    [Fact]
    public async Task On_PostgreSQL_a_second_server_tells_what_the_first_one_wrote()
    {
        var connection = await (await PostgresFixture.Shared).NewDatabase();
        string[] settings = [$"--Storage:ConnectionString={connection}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}"];
        await using var first = await TestServer.Start(null, null, settings);
        await using var second = await TestServer.Start(null, first.Time, settings);
        await using var listener = await TailListener.Start(second, "?kinds=audit,login");
        await Write(first, "audit", "written there");
        await Write(first, "login", "192.0.2.3", first.DefaultTenant);
        Assert.Equal(["audit", "login"], (await listener.Next(2)).Select(entry => entry.Kind).Order());
    }

    private static async Task Write(TestServer server, string log, string text, Guid? tenant = null, TimeSpan late = default)
    {
        var instant = Now(server) - (long)late.TotalMilliseconds;
        var id = ("id", (object?)OrderedId.New(instant));
        var commit = log switch
        {
            "audit" => new Commit().Upsert(Tables.AuditLog, id, ("insert_user", "u"), ("message", text), ("tenant_id", tenant), ("instant", instant)),
            "event" => new Commit().Upsert(Tables.EventLog, id, ("type", "Debug"), ("message", text), ("instant", instant)),
            "login" => new Commit().Upsert(Tables.LoginRecord, id, ("tenant_id", tenant), ("user_id", Guid.NewGuid()), ("ip_address", text), ("instant", instant)),
            _ => new Commit().Upsert(Tables.WebhookAttempt, id, ("event_id", Guid.NewGuid()), ("webhook_id", Guid.NewGuid()), ("tenant_id", tenant), ("result", "Success"), ("url", text), ("start_instant", instant - 10), ("end_instant", instant)),
        };
        Assert.IsType<CommitResult.Committed>(await Store(server).Apply(commit));
    }

    private static long Now(TestServer server) => server.Time.UtcNow.ToUnixTimeMilliseconds();

    private static IStore Store(TestServer server) => server.Services.GetRequiredService<IStore>();
}
