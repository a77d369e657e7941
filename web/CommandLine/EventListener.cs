using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.CommandLine;

/// <summary>An event as it came in.</summary>
/// <param name="Body">As it was sent.</param>
internal sealed record HeardEvent(JsonObject Event, ReadOnlyMemory<byte> Body, IHeaderDictionary Headers)
{
    public string Type => Text("type");

    public string Id => Text("id");

    private string Text(string name) => Event[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

/// <summary>
/// Receives events on this machine alone, on a free port and under a path that only the server was told: a page in a browser can reach
/// the port too. What is not signed is refused.
/// </summary>
/// <param name="secret">What the server signs with.</param>
/// <param name="answer">Answers with the status that the server is to get.</param>
internal sealed class EventListener(string secret, Func<HeardEvent, Task<int>> answer) : IAsyncDisposable
{
    /// <summary>In bytes. The largest events are imports, of about a megabyte, unless one user is larger.</summary>
    private const int LargestBody = 80 * 1024 * 1024;

    private readonly string _path = "/" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
    private WebApplication? _app;

    /// <summary>Where the server is to send events, once it has started.</summary>
    public string Url => _app!.Urls.First() + _path;

    public async Task Start()
    {
        // Empty: nothing of this server's settings counts here, and signals are the command's own.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(Take);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }

    private async Task Take(HttpContext http)
    {
        if (http.Request.Path != _path || !HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (!EventSignature.Verify(secret, http.Request.Headers, bytes.Span, TimeProvider.System.GetUtcNow())) http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else http.Response.StatusCode = Read(bytes) is { } read ? await answer(new HeardEvent(read, bytes, http.Request.Headers)) : StatusCodes.Status400BadRequest;
    }

    private static JsonObject? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span, documentOptions: ContractJson.DocumentOptions)?["event"] as JsonObject;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Whoever started it stops it.</summary>
    private sealed class OwnLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
