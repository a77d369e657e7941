using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Tenants;

namespace OrleansAuth.Webhooks;

/// <summary>Events and attempts as those who run the server see them.</summary>
public sealed class WebhookEventLogTests : IAsyncLifetime
{
    private const string Path = "/api/system/webhook-event-log";

    /// <summary>Of its own: on one that is shared, webhooks of other tests hear of the entries of every tenant.</summary>
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task An_event_is_shown_with_its_attempts()
    {
        var (server, tenant) = await Begin();
        var told = Event(tenant) with { LinkedObjectId = Guid.NewGuid() };
        var (failed, succeeded, webhook) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await Apply(server, new Commit().PutEvent(told)
            .PutAttempt(tenant, new AttemptMade(failed, told.Id, webhook, "Failure", "https://receiver.example/hook", 0, "The connection was refused.", null, 20, 30))
            .PutAttempt(tenant, new AttemptMade(succeeded, told.Id, webhook, "Success", "https://receiver.example/hook", 204, null, "", 40, 50)));

        var shown = (await server.Get($"{Path}/{told.Id}")).Is(200).Body["webhookEventLog"]!;
        Assert.Equal(
            (told.Id, "user.create", "Succeeded", told.LinkedObjectId, 10, 50, 1, 1),
            ((Guid)shown["id"]!, (string?)shown["eventType"], (string?)shown["eventResult"], (Guid?)shown["linkedObjectId"], (int)shown["insertInstant"]!,
                (int)shown["lastAttemptInstant"]!, (int)shown["failedAttempts"]!, (int)shown["successfulAttempts"]!));
        Assert.Equal("ada@example.com", (string?)shown["event"]!["event"]!["user"]!["email"]);
        Assert.True((long)shown["sequence"]! > 0);
        Assert.Equal([failed, succeeded], shown["attempts"]!.AsArray().Select(attempt => (Guid)attempt!["id"]!));

        var attempt = (await server.Get($"/api/system/webhook-attempt-log/{failed}")).Is(200).Body["webhookAttemptLog"]!;
        Assert.Equal(
            ("Failure", 20, 30, told.Id, webhook, "The connection was refused.", "https://receiver.example/hook", null),
            ((string?)attempt["attemptResult"], (int)attempt["startInstant"]!, (int)attempt["endInstant"]!, (Guid)attempt["webhookEventLogId"]!, (Guid)attempt["webhookId"]!,
                (string?)attempt["webhookCallResponse"]!["exception"], (string?)attempt["webhookCallResponse"]!["url"], (int?)attempt["webhookCallResponse"]!["statusCode"]));
    }

    [Fact]
    public async Task Events_are_found_by_text_type_result_and_time()
    {
        var (server, tenant) = await Begin();
        var (first, second) = (Event(tenant), Event(tenant, 20) with { Type = "user.delete", Body = """{"event":{"user":{"email":"bob@example.com"}}}""" });
        await Apply(server, new Commit().PutEvent(first).PutEvent(second).Upsert(
            Tables.Outbox, ("id", Guid.NewGuid()), ("queue", "nobody"), ("subject", "s"), ("due", 0L), ("attempts", 0L), ("body", Array.Empty<byte>()), ("insert_instant", 0L), ("event_id", second.Id)));
        Assert.Equal([second.Id, first.Id], await Found("{}"));
        Assert.Equal([first.Id, second.Id], await Found("""{"orderBy":"insertInstant ASC"}"""));
        Assert.Equal([first.Id], await Found("""{"event":"*ADA@*"}"""));
        Assert.Equal([second.Id], await Found("""{"eventType":"user.delete"}"""));
        Assert.Equal([second.Id], await Found("""{"eventResult":"Running"}"""));
        Assert.Equal([first.Id], await Found("""{"end":20}"""));
        Assert.Equal([second.Id], await Found("""{"start":20,"end":21}"""));
        Assert.Equal([first.Id], await Found("""{"numberOfResults":1,"startRow":1}"""));
        Assert.Equal("search.eventType", (await server.Post($"{Path}/search", """{"search":{"eventType":"user.explode"}}""")).Is(400).Body["fieldErrors"]!.AsObject().Single().Key);

        async Task<IEnumerable<Guid>> Found(string search) =>
            (await server.Post($"{Path}/search", $$"""{"search":{{search}}}""", tenant: tenant)).Is(200).Body["webhookEventLogs"]!.AsArray().Select(row => (Guid)row!["id"]!);
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_and_neither_does_anybody_what_is_the_systems()
    {
        var (server, tenant) = await Begin();
        var key = (string)(await server.Post("/api/api-key", new { apiKey = new { tenantId = await server.NewTenant() } })).Is(200).Body["apiKey"]!["key"]!;
        var (own, ofSystem, attempt) = (Event(tenant), Event(null) with { Type = "event-log.create" }, Guid.NewGuid());
        await Apply(server, new Commit().PutEvent(own).PutEvent(ofSystem).PutAttempt(null, new AttemptMade(attempt, ofSystem.Id, Guid.NewGuid(), "Success", "https://a.example", 200, null, null, 1, 2)));
        foreach (var id in (Guid[])[own.Id, ofSystem.Id]) (await server.Get($"{Path}/{id}", key)).Is(404);
        (await server.Get($"/api/system/webhook-attempt-log/{attempt}", key)).Is(404);
        (await server.Get($"/api/system/webhook-attempt-log/{attempt}")).Is(200);
        Assert.Equal(0, (int)(await server.Get($"{Path}/search", key)).Is(200).Body["total"]!);
        (await server.Get($"{Path}/{ofSystem.Id}")).Is(200);
        (await server.Get($"{Path}/{Guid.NewGuid()}")).Is(404);
    }

    [Fact]
    public async Task Tokens_of_an_event_are_stored_sealed_and_shown_masked()
    {
        var (server, tenant) = await Begin();
        var secrets = server.Services.GetRequiredService<SecretBox>();
        var told = Event(tenant) with { Type = "jwt.refresh" };
        told = told with { Body = secrets.Seal("""{"event":{"token":"secret-1","original":"secret-2","refreshToken":"secret-3","nested":{"refreshToken":{"token":"secret-4","id":"kept"}}}}""", EventBodies.Place(told.Id)) };
        await Apply(server, new Commit().PutEvent(told));
        var answer = (await server.Get($"{Path}/{told.Id}")).Is(200);
        Assert.DoesNotContain("secret-", answer.Text, StringComparison.Ordinal);
        var shown = answer.Body["webhookEventLog"]!["event"]!["event"]!;
        Assert.Equal(("*****", "*****", "kept"), ((string?)shown["token"], (string?)shown["nested"]!["refreshToken"]!["token"], (string?)shown["nested"]!["refreshToken"]!["id"]));
        var (_, exported) = await AuditLogApiTests.Unzipped(server, $"{Path}/export", new { }, tenant);
        Assert.DoesNotContain("secret-", exported, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_has_a_line_of_JSON_for_each_event()
    {
        var (server, tenant) = await Begin();
        var commit = new Commit();
        var events = Enumerable.Range(0, 2_500).Select(i => Event(tenant, i / 3)).ToList();
        foreach (var told in events) commit.PutEvent(told);
        await Apply(server, commit);
        var (names, text) = await AuditLogApiTests.Unzipped(server, $"{Path}/export", new { criteria = new { eventType = "user.create" } }, tenant);
        Assert.Equal("webhook-event-log.jsonl", names);
        var lines = text.TrimEnd().Split("\r\n").Select(line => (Guid)JsonNode.Parse(line)!["id"]!).ToList();
        Assert.Equal(events.Select(told => told.Id).Order(), lines.Order());
    }

    private async Task<(TestServer Server, Guid Tenant)> Begin() => (_server, await _server.NewTenant());

    private static StoredEvent Event(Guid? tenant, long instant = 10) => new(
        OrderedId.New(instant), tenant, "user.create", "subject", null, TransactionType.None, EventResult.Succeeded, """{"event":{"user":{"email":"ada@example.com"}}}""");

    private static async Task Apply(TestServer server, Commit commit) =>
        Assert.IsType<CommitResult.Committed>(await server.Services.GetRequiredService<IStore>().Apply(commit));
}
