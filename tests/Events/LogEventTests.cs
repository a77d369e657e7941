using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Events;

public sealed class LogEventTests
{
    [Fact]
    public async Task An_entry_of_the_audit_log_is_told_with_its_number()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        var id = Guid.NewGuid();
        (await server.Post($"/api/group/{id}", new { group = new { name = "Staff", data = new { id = "seq" } } }, tenant: world.Tenant)).Is(200);
        (await server.Patch($"/api/group/{id}", new { group = new { name = "Crew" } }, tenant: world.Tenant)).Is(200);

        var told = (await world.Told(EventTypes.AuditLogCreate)).Where(e => ((string)e["auditLog"]!["message"]!).Contains(id.ToString(), StringComparison.Ordinal)).ToList();
        Assert.Equal([$"Group [Staff] with Id [{id}] was created", $"Group [Crew] with Id [{id}] was updated"], told.Select(e => (string)e["auditLog"]!["message"]!));
        var stored = await server.Services.GetRequiredService<IStore>().Query(
            "select seq from audit_log where tenant_id = @tenant and message like @message order by seq", row => row.Long("seq"), default, ("tenant", world.Tenant), ("message", $"%{id}%"));
        Assert.Equal(stored, told.Select(e => (long)e["auditLog"]!["id"]!));
        var last = told[1]["auditLog"]!;
        Assert.Equal("API key Tests", (string?)last["insertUser"]);
        Assert.Equal("127.0.0.1", (string?)last["data"]!["ipAddress"]);
        Assert.Equal(("Staff", "Crew"), ((string)last["oldValue"]!["name"]!, (string)last["newValue"]!["name"]!));
        Assert.Equal("seq", (string?)last["newValue"]!["data"]!["id"]);
        Assert.Equal(world.Tenant, (Guid)last["tenantId"]!);
        Assert.Equal(world.Tenant, (Guid)told[1]["tenantId"]!);
    }

    [Fact]
    public async Task Secrets_are_masked_in_what_is_told()
    {
        var server = await TestServer.Shared;
        var world = await EventWorld.Start(server);
        await server.NewApplication(world.Tenant, new { oauthConfiguration = new { clientSecret = "a-secret-that-nobody-hears-of" } });

        var told = (await world.Told(EventTypes.AuditLogCreate)).Single(e => ((string)e["auditLog"]!["message"]!).StartsWith("Application ", StringComparison.Ordinal));
        Assert.Equal("*****", (string?)told["auditLog"]!["newValue"]!["oauthConfiguration"]!["clientSecret"]);
        Assert.DoesNotContain("a-secret-that-nobody-hears-of", told.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receivers_of_another_tenant_do_not_hear_of_it()
    {
        var server = await TestServer.Shared;
        var (world, other) = (await EventWorld.Start(server), await EventWorld.Start(server));
        (await server.Post("/api/group", new { group = new { name = "Staff" } }, tenant: other.Tenant)).Is(200);
        (await server.Patch($"/api/tenant/{other.Tenant}", new { tenant = new { data = new { floor = 1 } } })).Is(200);

        var told = await other.Told(EventTypes.AuditLogCreate);
        Assert.Contains(told, e => ((string)e["auditLog"]!["message"]!).StartsWith("Group ", StringComparison.Ordinal));
        Assert.Contains(told, e => ((string)e["auditLog"]!["message"]!).StartsWith("Tenant ", StringComparison.Ordinal));
        foreach (var e in told)
        {
            var receivers = await server.Services.GetRequiredService<IStore>().Query("select queue from outbox where event_id = @id", row => row.Text("queue"), default, ("id", (Guid)e["id"]!));
            Assert.DoesNotContain(EventCommit.QueueOf(world.Webhook), receivers);
        }
    }

    [Fact]
    public async Task An_entry_that_is_repeated_is_one_event_and_one_about_webhooks_is_none()
    {
        await using var server = await TestServer.Start();
        await AddGlobal(server);
        var (store, log) = (server.Services.GetRequiredService<IStore>(), server.Services.GetRequiredService<EventLog>());
        var (repeated, silent) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        for (var round = 0; round < 2; round++) await Append(commit => log.Append(commit, repeated, EventLog.Error, "A mail could not be sent."));
        await Append(commit => log.Append(commit, silent, EventLog.Error, "A webhook could not be told.", aboutWebhooks: true));

        var told = Assert.Single(await Bodies(repeated));
        var number = (await store.Query("select seq from event_log where id = @id", row => row.Long("seq"), default, ("id", repeated))).Single();
        Assert.Equal($$"""{"id":{{number}},"insertInstant":{{(long)told["eventLog"]!["insertInstant"]!}},"message":"A mail could not be sent.","type":"Error"}""", told["eventLog"]!.ToJsonString());
        Assert.Null(told["tenantId"]);
        Assert.Empty(await Bodies(silent));
        Assert.Single(await server.Rows("select id from event_log where id = @id", ("id", silent)));

        async Task Append(Action<Commit> entry)
        {
            var commit = new Commit();
            entry(commit);
            Assert.IsType<CommitResult.Committed>(await store.Apply(commit));
        }

        Task<IReadOnlyList<JsonNode>> Bodies(Guid id) => store.Query(
            "select body from webhook_event where id = @id", row => JsonNode.Parse(row.Text("body"))!["event"]!, default, ("id", id));
    }

    [Fact]
    public async Task Where_nobody_receives_anything_nothing_is_written()
    {
        await using var server = await TestServer.Start();
        (await server.Post("/api/group", new { group = new { name = "Staff" } })).Is(200);

        Assert.Empty(await server.Rows("select id from webhook_event"));
        Assert.Empty(await server.Rows("select id from outbox where event_id is not null"));
    }

    [Fact]
    public async Task The_end_of_a_kickstart_is_told_with_the_id_of_the_installation()
    {
        var folder = Directory.CreateTempSubdirectory("kickstart-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "kickstart.json"), $$"""
                {
                  "apiKeys": [{ "key": "{{TestServer.SuperKey}}", "name": "Tests", "keyManager": true }],
                  "requests": [{ "method": "POST", "url": "/api/webhook", "body": { "webhook": {
                    "url": "http://127.0.0.1:9/", "global": true, "connectTimeout": 1000, "readTimeout": 1000, "eventsEnabled": { "kickstart.success": true } } } }]
                }
                """);
            await using var server = await TestServer.Start(folder);
            await using var again = await server.Restart();

            var told = Assert.Single(await again.Services.GetRequiredService<IStore>().Query("select body from webhook_event", row => JsonNode.Parse(row.Text("body"))!["event"]!));
            Assert.Equal(EventTypes.KickstartSuccess, (string?)told["type"]);
            Assert.NotEqual(Guid.Empty, (Guid)told["instanceId"]!);
            Assert.Equal("{}", told["info"]!.ToJsonString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_belongs_to_no_tenant_is_told_of_none_and_to_global_webhooks_only()
    {
        await using var server = await TestServer.Start();
        var (world, everywhere) = (await EventWorld.Start(server), await AddGlobal(server));
        var id = Guid.NewGuid();
        (await server.Post($"/api/api-key/{id}", new { apiKey = new { name = $"Key {id}" } })).Is(200);

        var bodies = await server.Services.GetRequiredService<IStore>().Query(
            "select body from webhook_event where type = @type and tenant_id is null", row => JsonNode.Parse(row.Text("body"))!["event"]!, default, ("type", EventTypes.AuditLogCreate));
        var told = Assert.Single(bodies, e => ((string)e["auditLog"]!["message"]!).EndsWith($"with Id [{id}] was created", StringComparison.Ordinal));
        Assert.Null(told["tenantId"]);
        Assert.Null(told["auditLog"]!["tenantId"]);
        var queues = await server.Services.GetRequiredService<IStore>().Query("select queue from outbox where event_id = @id", row => row.Text("queue"), default, ("id", (Guid)told["id"]!));
        Assert.DoesNotContain(EventCommit.QueueOf(world.Webhook), queues);
        Assert.Contains(EventCommit.QueueOf(everywhere), queues);
    }

    /// <summary>A webhook of all tenants that wants the server's own events. Nobody answers there.</summary>
    private static async Task<Guid> AddGlobal(TestServer server)
    {
        var id = Guid.NewGuid();
        (await server.Post($"/api/webhook/{id}", new { webhook = new { url = "http://127.0.0.1:9/", connectTimeout = 1000, readTimeout = 1000, global = true, eventsEnabled = EventTypes.OfSystem.ToDictionary(type => type, _ => true) } })).Is(200);
        return id;
    }
}
