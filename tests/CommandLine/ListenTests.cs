using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Webhooks;

namespace OrleansAuth.CommandLine;

public sealed class ListenTests
{
    [Fact]
    public async Task Events_come_to_the_developers_machine_and_the_webhook_goes_with_the_command()
    {
        await using var world = await CommandWorld.Start("--Webhooks:AllowPrivateAddresses=true");
        await using var listen = world.Run("webhooks", "listen", "--events", "group.*", $"--tenant={world.Tenant}");
        await listen.Wrote("Ctrl-C ends it.");
        Assert.Equal(1, await world.Webhooks());

        var group = Guid.NewGuid();
        await world.Send(HttpMethod.Post, $"/api/group/{group}", new { group = new { name = "Staff" } });
        var line = await listen.Wrote("  group.create.complete");
        Assert.Matches(@"^\d\d:\d\d:\d\d  group\.create\.complete +  [0-9a-f-]{36}  verified$", line);
        listen.Terminate();

        Assert.Equal(0, await listen.Exit());
        Assert.Contains("The webhook is removed.", listen.Written, StringComparison.Ordinal);
        Assert.Equal(0, await world.Webhooks());
        Assert.DoesNotContain(" test ", listen.Written, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(world.Folder));
    }

    [Fact]
    public async Task Events_are_handed_on_as_they_are_and_the_receivers_status_goes_back()
    {
        await using var world = await CommandWorld.Start("--Webhooks:AllowPrivateAddresses=true");
        await using var receiver = await Receiver.Start(202);
        await using var listen = world.Run("webhooks", "listen", "--events=group.create.complete", "--json", $"--forward-to={receiver.Url}");
        await listen.Wrote("Ctrl-C ends it.");
        await world.Send(HttpMethod.Post, "/api/group", new { group = new { name = "Stäff" } });
        var shown = JsonNode.Parse(await listen.Wrote("\"group.create.complete\""))!;
        var (body, headers) = await receiver.First;

        Assert.Equal(202, (int)shown["forwarded"]!["status"]!);
        Assert.True((bool)shown["verified"]!);
        Assert.True(JsonNode.DeepEquals(shown["event"], JsonNode.Parse(body)!["event"]));
        Assert.Equal("Stäff", (string?)shown["event"]!["group"]!["name"]);
        Assert.Equal((string?)shown["id"], headers["webhook-id"]);
        Assert.StartsWith("v1,", headers["webhook-signature"], StringComparison.Ordinal);
        Assert.StartsWith("application/json", headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(new Uri(receiver.Url).Authority, headers["Host"]);
        listen.Terminate();
        Assert.Equal(0, await listen.Exit());
    }

    [Fact]
    public async Task A_server_that_may_not_send_here_is_found_out_at_once()
    {
        await using var world = await CommandWorld.Start();
        var (exit, text) = await CommandWorld.Ended(world.Run("webhooks", "listen"));

        Assert.Equal(1, exit);
        Assert.Contains("The server cannot send events here: ", text, StringComparison.Ordinal);
        Assert.Contains("--Webhooks:AllowPrivateAddresses=true", text, StringComparison.Ordinal);
        Assert.Equal(0, await world.Webhooks());
    }

    [Fact]
    public async Task A_key_that_the_server_does_not_know_is_said_and_nothing_is_left()
    {
        await using var world = await CommandWorld.Start("--Webhooks:AllowPrivateAddresses=true");
        var (exit, text) = await CommandWorld.Ended(world.Run("webhooks", "listen", "--key=a-key-that-nobody-knows"));

        Assert.Equal(1, exit);
        Assert.Contains("The server does not accept this key for POST /api/webhook/", text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-key-that-nobody-knows", text, StringComparison.Ordinal);
        Assert.Equal(0, await world.Webhooks());
    }

    [Fact]
    public async Task Who_waits_for_what_no_tenant_sends_is_told()
    {
        await using var world = await CommandWorld.Start("--Webhooks:AllowPrivateAddresses=true");
        await world.Send(HttpMethod.Patch, $"/api/tenant/{world.Tenant}", new { tenant = new { eventConfiguration = new { events = new Dictionary<string, object> { ["user.create"] = new { enabled = false } } } } });
        await using var listen = world.Run("webhooks", "listen", "--events=user.create");
        await listen.Wrote("No tenant sends any of these yet: eventConfiguration.events of a tenant must enable them.");
        listen.Terminate();
        Assert.Equal(0, await listen.Exit());
    }

    [Fact]
    public async Task What_the_server_did_not_sign_is_refused_and_not_shown()
    {
        var heard = new List<string>();
        var secret = WebhookSecrets.New();
        await using var listener = new EventListener(secret, told =>
        {
            heard.Add(told.Type);
            return Task.FromResult(200);
        });
        await listener.Start();
        const string Body = """{"event":{"type":"user.create","id":"1"}}""";
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var client = new HttpClient(new SocketsHttpHandler());

        Assert.Equal(200, await Post(listener.Url, now, secret));
        Assert.Equal(401, await Post(listener.Url, now, WebhookSecrets.New()));
        Assert.Equal(401, await Post(listener.Url, now - 301, secret));
        Assert.Equal(401, await Post(listener.Url, now, secret, "{}"));
        Assert.Equal(401, await Post(listener.Url, now, null));
        Assert.Equal(404, await Post(new Uri(new Uri(listener.Url), "/").ToString(), now, secret));
        Assert.Equal(["user.create"], heard);

        async Task<int> Post(string url, long time, string? with, string body = Body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body) };
            request.Headers.Add(EventSignature.IdHeader, "1");
            request.Headers.Add(EventSignature.TimestampHeader, $"{time}");
            if (with is not null) request.Headers.Add(EventSignature.SignatureHeader, "v1,AAAA v2,x " + EventSignature.Sign(with, "1", $"{time}", System.Text.Encoding.UTF8.GetBytes(Body)));
            using var answer = await client.SendAsync(request);
            return (int)answer.StatusCode;
        }
    }

    /// <summary>What a developer builds.</summary>
    internal sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly TaskCompletionSource<(string Body, Dictionary<string, string> Headers)> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly TaskCompletionSource<string> _second = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private Receiver(WebApplication app) => _app = app;

        public string Url => _app.Urls.First() + "/hook?a=b";

        public Task<(string Body, Dictionary<string, string> Headers)> First => _first.Task.WaitAsync(TimeSpan.FromMinutes(1));

        /// <summary>The body of the second request.</summary>
        public Task<string> Second => _second.Task.WaitAsync(TimeSpan.FromMinutes(1));

        public static async Task<Receiver> Start(int status)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var receiver = new Receiver(builder.Build());
            receiver._app.Run(async http =>
            {
                using var reader = new StreamReader(http.Request.Body);
                var body = await reader.ReadToEndAsync();
                if (!receiver._first.TrySetResult((body, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)))) receiver._second.TrySetResult(body);
                http.Response.StatusCode = status;
            });
            await receiver._app.StartAsync();
            return receiver;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
