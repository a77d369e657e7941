using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Webhooks;

/// <summary>The slice by a program that others wrote: the published client of the API.</summary>
public sealed class WebhookClientTests
{
    [Fact]
    public async Task The_official_client_makes_reads_changes_finds_and_deletes_webhooks_and_loses_nothing()
    {
        var server = await TestServer.Shared;
        var seen = (JsonObject)JsonNode.Parse((await NodeClient.Run("webhooks", new { baseUrl = server.Url.ToString().TrimEnd('/'), apiKey = TestServer.SuperKey })).Json.GetRawText())!;
        var stored = Hooks.Find(server, (Guid)seen["id"]!);
        Assert.Equal(("secret", "key", (string?)seen["secret"]), (stored.HttpAuthenticationPassword, stored.HeadersToSend()["X-Api-Key"], stored.Secret));
        Assert.Equal("[missing]webhook.connectTimeout", (string?)seen["refused"]!["noTimeout"]!["body"]!["fieldErrors"]!["webhook.connectTimeout"]![0]!["code"]);
        Assert.Equal(404, (int)seen["refused"]!["unknown"]!["status"]!);
    }
}
