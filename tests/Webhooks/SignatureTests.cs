using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Messages;

namespace OrleansAuth.Webhooks;

/// <summary>Signatures, verified by libraries that others wrote.</summary>
public sealed class SignatureTests : IAsyncLifetime
{
    private DeliveryWorld _world = null!;

    public async Task InitializeAsync() => _world = await DeliveryWorld.Start();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Standard_Webhooks_holds_with_each_secret_in_force_and_with_no_other()
    {
        var webhook = Guid.NewGuid();
        var made = (await _world.Server.Post($"/api/webhook/{webhook}", Wanted(new JsonObject()))).Is(200).Body["webhook"]!;
        var old = (string)made["secret"]!;
        Assert.Empty((await Verify(await Sent(webhook), old))["failed"]!.AsArray());

        var young = (string)(await _world.Server.Post($"/api/webhook/{webhook}/secret", new { overlapInSeconds = 60 })).Is(200).Body["secret"]!;
        var during = await Sent(webhook);
        Assert.Equal(2, during.Headers["webhook-signature"].Split(' ').Length);
        Assert.Empty((await Verify(during, old, young))["failed"]!.AsArray());

        _world.Server.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal([old], (await Verify(await Sent(webhook), old, young))["failed"]!.AsArray().Select(secret => (string)secret!));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("HS256")]
    public async Task The_contracts_signature_holds_by_the_published_key_or_the_shared_secret(string algorithm)
    {
        var (key, webhook) = (Guid.NewGuid(), Guid.NewGuid());
        var secret = "a secret that both sides know, of more than 32 bytes";
        if (algorithm == "HS256") (await _world.Server.Post($"/api/key/import/{key}", new { key = new { algorithm, name = $"{key}", kid = $"{key}", secret } })).Is(200);
        else (await _world.Server.Post($"/api/key/generate/{key}", new { key = new { algorithm, name = $"{key}" } })).Is(200);
        (await _world.Server.Post($"/api/webhook/{webhook}", Wanted(new JsonObject { ["signatureConfiguration"] = new JsonObject { ["enabled"] = true, ["signingKeyId"] = key.ToString() } }))).Is(200);
        var sent = await Sent(webhook);

        var shared = algorithm == "HS256" ? secret : null;
        var input = new { body = sent.Body, headers = sent.Headers, jwks = new Uri(_world.Server.Url, "/.well-known/jwks.json"), secret = shared, secrets = Array.Empty<string>() };
        var seen = (await NodeClient.Run("webhook-signature", input)).Json;
        Assert.Equal(algorithm, seen.GetProperty("jwt").GetProperty("alg").GetString());
        Assert.Equal(["request_body_sha256"], seen.GetProperty("claims").EnumerateArray().Select(claim => claim.GetString()));
    }

    private async Task<ReceivedMessage> Sent(Guid webhook)
    {
        await _world.Raise("ada", "Grüße, ünïcode", webhook);
        var sent = await _world.Receiver.Next();
        await _world.Empty(webhook);
        return sent;
    }

    private JsonObject Wanted(JsonObject webhook)
    {
        webhook["url"] = _world.Receiver.Url;
        (webhook["connectTimeout"], webhook["readTimeout"]) = (2_000, 2_000);
        webhook["tenantIds"] = new JsonArray(JsonValue.Create(_world.Tenant));
        return new JsonObject { ["webhook"] = webhook };
    }

    /// <summary>The test's clock is not that of the library, which refuses what is not of now; so it is told the time of the message.</summary>
    private static async Task<JsonObject> Verify(ReceivedMessage sent, params string[] secrets)
    {
        var input = new { body = sent.Body, headers = sent.Headers, secrets, now = long.Parse(sent.Headers["webhook-timestamp"], CultureInfo.InvariantCulture) };
        return (JsonObject)JsonNode.Parse((await NodeClient.Run("webhook-signature", input)).Json.GetRawText())!;
    }
}
