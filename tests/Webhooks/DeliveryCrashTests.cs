using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Messages;
using OrleansAuth.Setup;

namespace OrleansAuth.Webhooks;

public sealed class DeliveryCrashTests : DeliveryCrashSuite
{
    protected override Task<string[]> Settings() => Task.FromResult<string[]>([]);
}

public sealed class DeliveryCrashOnPostgresTests : DeliveryCrashSuite
{
    protected override async Task<string[]> Settings() =>
    [
        $"--Storage:ConnectionString={await (await PostgresFixture.Shared).NewDatabase()}", $"--Secrets:MasterKey={Convert.ToBase64String(new byte[32])}",
    ];
}

/// <summary>The process is killed as a power cut would; what was committed arrives all the same, with the same id.</summary>
public abstract class DeliveryCrashSuite : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<string[]> Settings();

    [Fact]
    public async Task Killed_between_the_delivery_and_its_commit_it_delivers_again()
    {
        var settings = await Settings();
        await using var receiver = await MessengerReceiver.Start();
        receiver.Answers = [0];
        Guid id;
        await using (var server = await Start(settings))
        {
            await Prepare(server, receiver.Url);
            // The receiver has all of it, and its answer never comes.
            id = Told(await receiver.Next());
            await server.Kill();
        }

        await using var again = await Start(settings);
        Assert.Equal(id, Told(await receiver.Next()));
    }

    [Fact]
    public async Task Killed_before_the_delivery_it_delivers_later()
    {
        var settings = await Settings();
        var port = FreePort();
        await using (var server = await Start(settings))
        {
            // Nobody is there yet.
            await Prepare(server, $"http://127.0.0.1:{port}/");
            await server.Kill();
        }

        await using var receiver = await MessengerReceiver.Start(port);
        await using var again = await Start(settings);
        Assert.NotEqual(Guid.Empty, Told(await receiver.Next()));
    }

    private Task<ServerProcess> Start(string[] settings)
    {
        var kickstart = _folder.Write("kickstart.json", $$"""{"apiKeys":[{"key":"{{TestServer.SuperKey}}"}]}""");
        return ServerProcess.Start(_folder.Path, [$"--Kickstart:File={kickstart}", "--Webhooks:AllowPrivateAddresses=true", .. settings]);
    }

    /// <summary>A webhook, and a user whose creation it is told of.</summary>
    private static async Task Prepare(ServerProcess server, string url)
    {
        var tenant = (Guid)(await Send(server, HttpMethod.Get, "/api/tenant", null))["tenants"]![0]!["id"]!;
        await Send(server, HttpMethod.Patch, $"/api/tenant/{tenant}", new JsonObject { ["tenant"] = JsonNode.Parse("""{"eventConfiguration":{"events":{"user.create.complete":{"enabled":true,"transactionType":"None"}}}}""") });
        var webhook = JsonNode.Parse("""{"connectTimeout":1000,"readTimeout":30000,"global":true,"eventsEnabled":{"user.create.complete":true}}""")!;
        webhook["url"] = url;
        await Send(server, HttpMethod.Post, "/api/webhook", new JsonObject { ["webhook"] = webhook });
        await Send(server, HttpMethod.Post, "/api/user", JsonNode.Parse("""{"user":{"email":"ada@example.com","password":"correct horse battery"}}"""));
    }

    private static async Task<JsonObject> Send(ServerProcess server, HttpMethod method, string path, JsonNode? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", TestServer.SuperKey);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? [] : (JsonObject)JsonNode.Parse(text)!;
    }

    private static Guid Told(ReceivedMessage message) => JsonSerializer.Deserialize<JsonElement>(message.Body).GetProperty("event").GetProperty("id").GetGuid();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
