using System.Text.Json;

namespace OrleansAuth.Benchmarks;

/// <summary>The npm package oidc-provider in one process of Node.js, in the folder beside this one. It keeps everything in memory.</summary>
internal sealed class OidcPeerSystem : ISystem
{
    /// <summary>Its column in the report.</summary>
    public const string Title = "oidc-provider";

    private const string Client = "benchmark";
    private const string TokenPath = "/token";
    private readonly string _secret = Guid.NewGuid().ToString("N");
    private ServerProcess? _server;
    private Wire? _wire;

    public string Name => Title;

    public ServerProcess Server => _server ?? throw new InvalidOperationException("oidc-provider is not started.");

    public int? DatabaseProcess => null;

    private Wire Http => _wire ?? throw new InvalidOperationException("oidc-provider is not started.");

    public async Task Start()
    {
        _server = ServerProcess.StartNode(Build.Source("tests/benchmarks/peer-oidc/server.mjs"), [Client, _secret]);
        _wire = new Wire(await _server.Address());
    }

    public async Task Stop()
    {
        _wire?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }

    public Task Prepare() => Task.CompletedTask; // what it remembers ends with its process

    public Task FirstLogin() => Session();

    public async Task<Func<Task>> Worker(Operation operation, int worker)
    {
        var client = OAuthCalls.Basic(Client, _secret);
        return operation.Action switch
        {
            Action.TokenRefresh => OAuthCalls.Refresh(Http, TokenPath, (await Session()).RefreshToken, client),
            Action.ClientCredentials => OAuthCalls.ClientCredentials(Http, TokenPath, "read", client),
            Action.Introspect => OAuthCalls.Introspect(Http, "/token/introspection", (await Session()).AccessToken, client),
            _ => throw new NotSupportedException($"oidc-provider has no {operation.Title}."),
        };
    }

    public async ValueTask DisposeAsync() => await Stop();

    private async Task<PeerSession> Session() =>
        JsonSerializer.Deserialize<PeerSession>(await Http.Post("/sessions", []), JsonSerializerOptions.Web)!;

    private sealed record PeerSession(string RefreshToken, string AccessToken);
}
