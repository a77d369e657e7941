using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansAuth.Events;
using OrleansAuth.Setup;
using OrleansAuth.Webhooks;

namespace OrleansAuth.CommandLine;

public sealed class TriggerTests
{
    [Fact]
    public async Task A_sample_needs_no_server_and_is_signed()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await ListenTests.Receiver.Start(200);
        var secret = WebhookSecrets.New();
        var (exit, text) = await CommandWorld.Ended(ServerProcess.Command(folder.Path, [], "webhooks", "trigger", EventTypes.UserCreate, "--forward-to", receiver.Url, "--secret", secret));

        Assert.Equal(0, exit);
        Assert.Matches(@"^user\.create  [0-9a-f-]{36}  -> 200 in \d+ ms\n$", text);
        var (body, sent) = await receiver.First;
        var headers = new HeaderDictionary(sent.ToDictionary(h => h.Key, h => new Microsoft.Extensions.Primitives.StringValues(h.Value)));
        Assert.True(EventSignature.Verify(secret, headers, System.Text.Encoding.UTF8.GetBytes(body), TimeProvider.System.GetUtcNow()));
        var told = JsonNode.Parse(body)!["event"]!;
        Assert.Equal((EventTypes.UserCreate, sent["webhook-id"]), ((string?)told["type"], (string?)told["id"]));
        Assert.NotNull(told["user"]!["id"]);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_receiver_that_says_no_or_nothing_is_a_failure()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await ListenTests.Receiver.Start(500);
        var (refused, text) = await CommandWorld.Ended(ServerProcess.Command(folder.Path, [], "webhooks", "trigger", "test", "--forward-to", receiver.Url));
        Assert.Equal(1, refused);
        Assert.Contains("-> 500 in ", text, StringComparison.Ordinal);
        Assert.Contains("Signed with the secret whsec_", text, StringComparison.Ordinal);

        var (unheard, fault) = await CommandWorld.Ended(ServerProcess.Command(folder.Path, [], "webhooks", "trigger", "test", "--forward-to", "http://127.0.0.1:9/"));
        Assert.Equal(1, unheard);
        Assert.Contains("-> The receiver at http://127.0.0.1:9/ cannot be reached (ConnectionError).", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_sends_a_sample_to_its_webhook()
    {
        await using var world = await CommandWorld.Start("--Webhooks:AllowPrivateAddresses=true");
        await using var receiver = await ListenTests.Receiver.Start(200);
        var webhook = Guid.NewGuid();
        await world.Send(HttpMethod.Post, $"/api/webhook/{webhook}", new { webhook = new { url = receiver.Url, connectTimeout = 1000, readTimeout = 5000, global = true, eventsEnabled = new Dictionary<string, bool>() } });
        var (exit, text) = await CommandWorld.Ended(world.Run("webhooks", "trigger", EventTypes.GroupDelete, "--webhook", webhook.ToString()));

        Assert.Equal(0, exit);
        Assert.Matches(@"^group\.delete  [0-9a-f-]{36}  -> 200 in \d+ ms\n$", text);
        Assert.Equal(EventTypes.GroupDelete, (string?)JsonNode.Parse((await receiver.First).Body)!["event"]!["type"]);
        var (unknown, sentence) = await CommandWorld.Ended(world.Run("webhooks", "trigger", EventTypes.GroupDelete, "--webhook", Guid.NewGuid().ToString()));
        Assert.Equal(1, unknown);
        Assert.Contains("that this key may see.", sentence, StringComparison.Ordinal);
    }
}
