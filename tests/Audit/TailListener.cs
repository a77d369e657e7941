using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Audit;

/// <summary>Follows the logs of a server, and moves its clock so that the server looks.</summary>
internal sealed class TailListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestServer _server;
    private readonly HttpClient _http = new(new SocketsHttpHandler());
    private StreamReader _reader = null!;

    private TailListener(TestServer server) => _server = server;

    /// <summary>What a client sends back as <c>Last-Event-ID</c>.</summary>
    public string LastId { get; private set; } = "";

    /// <summary>Connected and told where it stands.</summary>
    public static async Task<TailListener> Start(TestServer server, string query = "", string? key = null, string? lastId = null)
    {
        var listener = new TailListener(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Url, $"/api/system/log/tail{query}"));
        request.Headers.TryAddWithoutValidation("Authorization", key ?? TestServer.SuperKey);
        if (lastId is not null) request.Headers.Add("Last-Event-ID", lastId);
        var answer = await listener._http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((200, "text/event-stream"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        listener._reader = new StreamReader(await answer.Content.ReadAsStreamAsync(), Encoding.UTF8);
        while (listener.LastId.Length == 0) await listener.Block();
        return listener;
    }

    /// <summary>The next entries, at least so many, after the server was made to look.</summary>
    public async Task<IReadOnlyList<(string Kind, JsonObject Data)>> Next(int count)
    {
        _server.Time.Advance(TimeSpan.FromMilliseconds(500));
        var entries = new List<(string, JsonObject)>();
        for (; ; )
        {
            if (await Block() is { Kind: { } kind, Data: { } data }) entries.Add((kind, data));
            // The place after them is told after them.
            else if (entries.Count >= count) return entries;
        }
    }

    /// <summary>Reads until the server ends the stream.</summary>
    public async Task End()
    {
        while (await Line() is not null)
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(string? Kind, JsonObject? Data)> Block()
    {
        var (kind, data) = ((string?)null, (JsonObject?)null);
        for (; ; )
        {
            var line = await Line();
            Assert.True(line is not null, "The stream has ended.");
            if (line.Length == 0) return (kind, data);
            if (line.StartsWith("event: ", StringComparison.Ordinal)) kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = (JsonObject)JsonNode.Parse(line[6..])!;
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) LastId = line[4..];
        }
    }

    private async Task<string?> Line()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _reader.ReadLineAsync(patience.Token);
    }
}
