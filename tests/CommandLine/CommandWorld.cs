using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Setup;

namespace OrleansAuth.CommandLine;

/// <summary>A server as a process of its own, as developers have one, and commands beside it, each in an empty folder.</summary>
internal sealed class CommandWorld : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _here = new();
    private ServerProcess? _server;

    public ServerProcess Server => _server!;

    /// <summary>Where commands run.</summary>
    public string Folder => _here.Path;

    /// <summary>A tenant that sends every event.</summary>
    public Guid Tenant { get; } = Guid.NewGuid();

    public static async Task<CommandWorld> Start(params string[] settings)
    {
        var world = new CommandWorld();
        var events = string.Join(',', Events.EventTypes.All.Select(type => $$"""
            "{{type}}":{"enabled":true,"transactionType":"None"}
            """.Trim()));
        var kickstart = world._data.Write("kickstart.json", $$$"""
            {
              "apiKeys": [{ "key": "{{{TestServer.SuperKey}}}", "name": "Tests", "keyManager": true }],
              "requests": [{ "method": "POST", "url": "/api/tenant/{{{world.Tenant}}}", "body": { "tenant": { "name": "Events", "eventConfiguration": { "events": { {{{events}}} } } } } }]
            }
            """);
        world._server = await ServerProcess.Start(world._data.Path, [$"--Kickstart:File={kickstart}", .. settings]);
        return world;
    }

    /// <summary>Kills the server, and starts another at the same address on what it had.</summary>
    /// <param name="meanwhile">What happens while there is none.</param>
    public async Task Restart(Func<Task> meanwhile)
    {
        var url = Server.Url;
        await Server.Kill();
        await Server.DisposeAsync();
        await meanwhile();
        _server = await ServerProcess.Start(_data.Path, $"--urls={url}");
    }

    /// <summary>A command with the server's address and key.</summary>
    public ServerProcess Run(params string[] arguments) => ServerProcess.Command(Folder, [("ORLEANSAUTH_API_KEY", TestServer.SuperKey)], [.. arguments, $"--url={Server.Url}"]);

    /// <summary>A command as it is.</summary>
    public static async Task<(int Exit, string Written)> Ended(ServerProcess command)
    {
        await using (command) return (await command.Exit(), command.Written);
    }

    public async Task<JsonObject> Send(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", TestServer.SuperKey);
        request.Headers.Add("X-FusionAuth-TenantId", Tenant.ToString());
        if (body is not null) request.Content = JsonContent.Create(body, options: ContractJson.Options);
        using var answer = await Server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
        return text.Length == 0 ? [] : (JsonObject)JsonNode.Parse(text)!;
    }

    public async Task<int> Webhooks() => (await Send(HttpMethod.Get, "/api/webhook"))["webhooks"]!.AsArray().Count;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _data.Dispose();
        _here.Dispose();
    }
}
