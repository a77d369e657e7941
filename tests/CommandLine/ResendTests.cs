using System.Text.Json.Nodes;

namespace OrleansAuth.CommandLine;

public sealed class ResendTests
{
    [Fact]
    public async Task A_webhook_is_told_again_of_what_was()
    {
        await using var world = await CommandWorld.Start("--Webhooks:AllowPrivateAddresses=true");
        await using var receiver = await ListenTests.Receiver.Start(200);
        var webhook = Guid.NewGuid();
        var wanted = new Dictionary<string, bool> { ["group.create.complete"] = true };
        await world.Send(HttpMethod.Post, $"/api/webhook/{webhook}", new { webhook = new { url = receiver.Url, connectTimeout = 1000, readTimeout = 5000, tenantIds = new[] { world.Tenant }, eventsEnabled = wanted } });
        await world.Send(HttpMethod.Post, "/api/group", new { group = new { name = "Staff" } });
        var told = (await receiver.First).Body;

        var (exit, text) = await CommandWorld.Ended(world.Run("webhooks", "resend", "--webhook", webhook.ToString(), "--event", (string)JsonNode.Parse(told)!["event"]!["id"]!));
        Assert.Equal((0, "1 event is on the way again.\n"), (exit, text));
        Assert.Equal(told, await receiver.Second);
        (exit, text) = await CommandWorld.Ended(world.Run("webhooks", "resend", $"--webhook={webhook}", "--since=1h", "--types=group.delete"));
        Assert.Equal((0, "0 events are on the way again.\n"), (exit, text));
        (exit, text) = await CommandWorld.Ended(world.Run("webhooks", "resend", "--webhook", Guid.NewGuid().ToString(), "--since", "1h"));
        Assert.Equal(1, exit);
        Assert.Contains("that this key may see.", text, StringComparison.Ordinal);
    }
}
