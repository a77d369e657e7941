using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Webhooks;

/// <summary>What a webhook keeps to itself.</summary>
public sealed class WebhookSecretTests
{
    private const string Own = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public async Task Password_and_secret_headers_are_not_shown_and_what_was_read_can_be_sent_back()
    {
        var server = await TestServer.Shared;
        var id = await Hooks.Create(server, Secretive());
        var shown = (await server.Get($"/api/webhook/{id}")).Is(200);
        Assert.Equal(("*****", "login"), ((string?)shown.Body["webhook"]!["headers"]!["X-Api-Key"], (string?)shown.Body["webhook"]!["headers"]!["X-Team"]));
        foreach (var text in (string[])[shown.Text, (await server.Get("/api/webhook")).Is(200).Text, (await server.Get("/api/webhook/search?url=*")).Is(200).Text])
            Assert.All((string[])["basic-secret", "header-secret", "whsec_"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));

        (await server.Put($"/api/webhook/{id}", shown.Body)).Is(200);
        (await server.Patch($"/api/webhook/{id}", """{"webhook":{"headers":{"X-More":"1"},"url":"https://receiver.example/elsewhere"}}""")).Is(200);
        var kept = Hooks.Find(server, id);
        Assert.Equal(("basic-secret", "header-secret", "1"), (kept.HttpAuthenticationPassword, kept.HeadersToSend()["X-Api-Key"], kept.HeadersToSend()["X-More"]));

        (await server.Patch($"/api/webhook/{id}", """{"webhook":{"headers":{"X-Api-Key":"changed"}}}""")).Is(200);
        Assert.Equal("changed", Hooks.Find(server, id).HeadersToSend()["X-Api-Key"]);
        var without = (await server.Get($"/api/webhook/{id}")).Is(200).Body;
        without["webhook"]!["headers"]!.AsObject().Remove("X-Api-Key");
        (await server.Put($"/api/webhook/{id}", without)).Is(200);
        Assert.Equal((null, false), (Hooks.Find(server, id).HeaderSecrets, Hooks.Find(server, id).Headers.ContainsKey("X-Api-Key")));
    }

    [Theory]
    [InlineData("""{"url":"https://evil.example/events"}""")]
    [InlineData("""{"url":"http://receiver.example/events"}""")]
    [InlineData("""{"url":"https://receiver.example:8443/events"}""")]
    [InlineData("""{"url":"https://receiver.example.evil.example/events"}""")]
    public async Task Another_server_gets_neither_password_nor_secret_headers_unless_they_are_sent_again(string change)
    {
        var server = await TestServer.Shared;
        var id = await Hooks.Create(server, Secretive());
        var body = (JsonObject)JsonNode.Parse(change)!;
        var refused = (await server.Patch($"/api/webhook/{id}", new JsonObject { ["webhook"] = body.DeepClone() })).Is(400);
        Assert.Equal(("[blank]webhook.httpAuthenticationPassword", "[blank]webhook.headers"), (refused.FieldError("webhook.httpAuthenticationPassword"), refused.FieldError("webhook.headers")));
        (body["httpAuthenticationPassword"], body["headers"]) = ("again", new JsonObject { ["X-Api-Key"] = "again" });
        (await server.Patch($"/api/webhook/{id}", new JsonObject { ["webhook"] = body })).Is(200);
        Assert.Equal(("again", "again"), (Hooks.Find(server, id).HttpAuthenticationPassword, Hooks.Find(server, id).HeadersToSend()["X-Api-Key"]));
    }

    [Fact]
    public async Task Another_user_name_asks_for_its_password()
    {
        var server = await TestServer.Shared;
        var id = await Hooks.Create(server, Secretive());
        Assert.Equal("[blank]webhook.httpAuthenticationPassword", (await server.Patch($"/api/webhook/{id}", """{"webhook":{"httpAuthenticationUsername":"other"}}""")).Is(400).FieldError("webhook.httpAuthenticationPassword"));
        (await server.Patch($"/api/webhook/{id}", """{"webhook":{"httpAuthenticationUsername":null}}""")).Is(200);
        Assert.Null(Hooks.Find(server, id).HttpAuthenticationPassword);
    }

    [Fact]
    public async Task The_signing_secret_is_shown_by_what_makes_it_and_never_again()
    {
        var server = await TestServer.Shared;
        var made = (await server.Post("/api/webhook", Hooks.Body())).Is(200).Body["webhook"]!;
        var (id, first) = ((Guid)made["id"]!, (string)made["secret"]!);
        Assert.Equal(32, WebhookSecrets.Key(first).Length);
        Assert.True(WebhookSecrets.IsValid(first));
        (await server.Put($"/api/webhook/{id}", new JsonObject { ["webhook"] = made.DeepClone() })).Is(200);
        var second = (string)(await server.Post($"/api/webhook/{id}/secret", null)).Is(200).Body["secret"]!;
        Assert.NotEqual(first, second);
        Assert.Equal("[invalid]webhook.secret", (await server.Put($"/api/webhook/{id}", new JsonObject { ["webhook"] = made.DeepClone() })).Is(400).FieldError("webhook.secret"));

        var own = (await server.Post("/api/webhook", Hooks.Body($$"""{"secret":"{{Own}}"}"""))).Is(200).Body["webhook"]!;
        Assert.Equal(Own, (string?)own["secret"]);
        (await server.Patch($"/api/webhook/{own["id"]}", """{"webhook":{"description":"x"}}""")).Is(200);
        Assert.Equal(Own, Hooks.Find(server, (Guid)own["id"]!).Secret);
        foreach (var text in (string[])[(await server.Get($"/api/webhook/{id}")).Text, (await server.Get("/api/webhook")).Text, (await server.Post($"/api/webhook/{id}/pause", null)).Text])
            Assert.DoesNotContain("whsec_", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_before_signs_until_the_overlap_ends_also_after_a_restart()
    {
        await using var server = await TestServer.Start();
        var made = (await server.Post("/api/webhook", Hooks.Body($$"""{"secret":"{{Own}}"}"""))).Is(200).Body["webhook"]!;
        var id = (Guid)made["id"]!;
        var second = await Renew(server, new { overlapInSeconds = 3600 });
        var third = await Renew(server, new { overlapInSeconds = 60 });
        Assert.Equal([third, second, Own], InForce(server));
        await using var again = await server.Restart();
        Assert.Equal([third, second, Own], InForce(again));
        again.Time.UtcNow += TimeSpan.FromSeconds(60);
        Assert.Equal([third], InForce(again));
        var fourth = await Renew(again, null);
        again.Time.UtcNow += TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1);
        Assert.Equal([fourth, third], InForce(again));
        var fifth = await Renew(again, new { overlapInSeconds = 0 });
        Assert.Equal([fifth], InForce(again));
        Assert.Null(Hooks.Find(again, id).FormerSecrets);

        async Task<string> Renew(TestServer at, object? body) => (string)(await at.Post($"/api/webhook/{id}/secret", body)).Is(200).Body["secret"]!;

        IEnumerable<string> InForce(TestServer at) => Hooks.Find(at, id).SigningSecrets(at.Time.UtcNow).AsEnumerable();
    }

    [Theory]
    [InlineData("""{"overlapInSeconds":-1}""", "overlapInSeconds")]
    [InlineData("""{"overlapInSeconds":2592001}""", "overlapInSeconds")]
    [InlineData("""{"overlapInSeconds":"long"}""", "overlapInSeconds")]
    [InlineData("""{"secret":"short"}""", "secret")]
    [InlineData("""{"secret":7}""", "secret")]
    public async Task A_new_secret_that_makes_no_sense_is_refused_and_the_old_one_stays(string body, string field)
    {
        var server = await TestServer.Shared;
        var id = await Hooks.Create(server, Hooks.Body($$"""{"secret":"{{Own}}"}"""));
        Assert.NotNull((await server.Post($"/api/webhook/{id}/secret", body)).Is(400).FieldError(field));
        Assert.Equal(Own, Assert.Single(Hooks.Find(server, id).SigningSecrets(server.Time.UtcNow)));
    }

    [Fact]
    public async Task Secrets_that_are_renewed_at_once_are_all_in_force_and_five_at_most()
    {
        var server = await TestServer.Shared;
        var id = await Hooks.Create(server, Hooks.Body());
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (string)(await server.Post($"/api/webhook/{id}/secret", null)).Is(200).Body["secret"]!));
        var inForce = Hooks.Find(server, id).SigningSecrets(server.Time.UtcNow);
        Assert.Equal(5, inForce.Length);
        Assert.Equal(5, inForce.Distinct().Count());
        Assert.All(inForce, secret => Assert.Contains(secret, made));
    }

    [Fact]
    public async Task Nothing_secret_lies_readable_in_the_store_or_in_the_audit_log()
    {
        var server = await TestServer.Shared;
        var id = await Hooks.Create(server, Secretive());
        (await server.Post($"/api/webhook/{id}/secret", null)).Is(200);
        (await server.Delete($"/api/webhook/{await Hooks.Create(server, Secretive())}")).Is(200);
        var store = server.Services.GetRequiredService<IStore>();
        var rows = await store.Query("select body from state where kind = 'config.webhook'", row => Encoding.UTF8.GetString(row.Bytes("body")));
        var audit = await store.Query("select coalesce(new_value, '') || coalesce(old_value, '') || message as text from audit_log where message like 'Webhook%'", row => row.Text("text"));
        Assert.NotEmpty(audit);
        foreach (var secret in (string[])["basic-secret", "header-secret", "whsec_"]) Assert.DoesNotContain(secret, string.Concat(rows) + string.Concat(audit), StringComparison.Ordinal);
    }

    private static JsonObject Secretive() =>
        Hooks.Body("""{"httpAuthenticationUsername":"robot","httpAuthenticationPassword":"basic-secret","headers":{"X-Api-Key":"header-secret","X-Team":"login"}}""");
}
