using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Messages;

namespace OrleansAuth.Webhooks;

/// <summary>Trying a receiver out.</summary>
public sealed class WebhookTestSendTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private MessengerReceiver _receiver = null!;

    public async Task InitializeAsync() => (_server, _receiver) = (await TestServer.Start(settings: "--Webhooks:AllowPrivateAddresses=true"), await MessengerReceiver.Start());

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_test_arrives_as_an_event_would_and_tells_how_it_was_answered()
    {
        var tenant = await _server.NewTenant();
        var body = Hooks.Of(tenant);
        (body["webhook"]!["url"], body["webhook"]!["httpAuthenticationUsername"], body["webhook"]!["httpAuthenticationPassword"], body["webhook"]!["headers"]) =
            ($"{_receiver.Url}/hook?a=b", "robot", "secret", new JsonObject { ["X-Api-Key"] = "value", ["X-Team"] = "login" });
        var id = await Hooks.Create(_server, body);
        (await _server.Post($"/api/webhook/{id}/pause", null)).Is(200);

        var result = (await _server.Post($"/api/webhook/{id}/test", null)).Is(200).Body["test"]!;
        var received = await _receiver.Next();
        var told = JsonNode.Parse(received.Body)!["event"]!;
        Assert.Equal(("Delivered", 200, "test", (Guid)told["id"]!), ((string?)result["outcome"], (int)result["statusCode"]!, (string?)result["type"], (Guid)result["eventId"]!));
        Assert.Equal(("test", tenant, "203.0.113.7"), ((string?)told["type"], (Guid)told["tenantId"]!, (string?)told["info"]!["ipAddress"]));
        Assert.Equal(("value", "login", "Basic cm9ib3Q6c2VjcmV0"), (received.Headers["X-Api-Key"], received.Headers["X-Team"], received.Headers["Authorization"]));

        (await _server.Post($"/api/webhook/{id}/test", new { type = "group.update" })).Is(200);
        told = JsonNode.Parse((await _receiver.Next()).Body)!["event"]!;
        Assert.Equal(("Editors", "Writers"), ((string?)told["group"]!["name"], (string?)told["original"]!["name"]));
        (await _server.Post($"/api/webhook/{id}/test", new { type = "audit-log.create" })).Is(200);
        Assert.Null(JsonNode.Parse((await _receiver.Next()).Body)!["event"]!["tenantId"]);
        foreach (var bad in (object[])[new { type = "user.created" }, new { type = 7 }, new { type = "" }])
            Assert.NotNull((await _server.Post($"/api/webhook/{id}/test", bad)).Is(400).FieldError("type"));
        Assert.Equal(3, _receiver.Count);
    }

    [Fact]
    public async Task Of_a_receiver_that_fails_redirects_or_is_not_there_the_answer_says_so()
    {
        _receiver.Answers = [500, 302, 410];
        var id = await Hooks.Create(_server, Hooks.Body(new JsonObject { ["url"] = _receiver.Url }));
        foreach (var (status, outcome) in ((int, string)[])[(500, "Failed"), (302, "Failed"), (410, "Gone")])
        {
            var result = (await _server.Post($"/api/webhook/{id}/test", null)).Is(200).Body["test"]!;
            Assert.Equal((status, outcome), ((int)result["statusCode"]!, (string?)result["outcome"]));
        }

        // A test decides nothing about the webhook.
        Assert.True(Hooks.Find(_server, id).IsAtWork);
        (await _server.Patch($"/api/webhook/{id}", """{"webhook":{"url":"http://127.0.0.1:9/"}}""")).Is(200);
        var none = (await _server.Post($"/api/webhook/{id}/test", null)).Is(200).Body["test"]!;
        Assert.Equal((0, "Failed"), ((int)none["statusCode"]!, (string?)none["outcome"]));
        Assert.NotEmpty((string)none["exception"]!);
    }

    [Fact]
    public async Task A_private_address_is_not_reached_unless_it_is_allowed()
    {
        var server = await TestServer.Shared;
        var id = await Hooks.Create(server, Hooks.Body(new JsonObject { ["url"] = _receiver.Url }));
        var result = (await server.Post($"/api/webhook/{id}/test", null)).Is(200).Body["test"]!;
        Assert.Equal((0, "Refused", 0), ((int)result["statusCode"]!, (string?)result["outcome"], _receiver.Count));
    }
}
