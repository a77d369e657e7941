using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansAuth.Events;

/// <summary>Receivers of events, numbered from 0, on a free port of this machine. Each answers 200 unless a test says otherwise.</summary>
internal sealed class AskedReceivers : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<AskedEvent> _received = new();
    private readonly List<(Func<AskedEvent, bool> Wanted, TaskCompletionSource<AskedEvent> Seen)> _awaited = [];
    private readonly CancellationTokenSource _ending = new();

    private AskedReceivers(WebApplication app) => _app = app;

    /// <summary>The status that a receiver answers with, as soon as the task ends.</summary>
    public Func<AskedEvent, Task<int>> Answer { get; set; } = _ => Task.FromResult(200);

    /// <summary>All that came so far, oldest first.</summary>
    public IReadOnlyList<AskedEvent> Received => [.. _received];

    /// <summary>Fires when the receivers go.</summary>
    public CancellationToken Ending => _ending.Token;

    public static async Task<AskedReceivers> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receivers = new AskedReceivers(builder.Build());
        receivers._app.Run(receivers.Take);
        await receivers._app.StartAsync();
        return receivers;
    }

    public string Url(int number) => $"{_app.Urls.First()}/{number}";

    /// <summary>The first of all deliveries, also of those that are past, that is wanted.</summary>
    public Task<AskedEvent> Got(Func<AskedEvent, bool> wanted)
    {
        lock (_awaited)
        {
            if (_received.FirstOrDefault(wanted) is { } past) return Task.FromResult(past);
            var seen = new TaskCompletionSource<AskedEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((wanted, seen));
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _app.DisposeAsync();
        _ending.Dispose();
    }

    private async Task Take(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var asked = new AskedEvent(int.Parse(http.Request.Path.Value!.TrimStart('/'), CultureInfo.InvariantCulture), (JsonObject)JsonNode.Parse(await reader.ReadToEndAsync())!["event"]!);
        lock (_awaited)
        {
            _received.Enqueue(asked);
            foreach (var (_, seen) in _awaited.Where(awaited => awaited.Wanted(asked)).ToList()) seen.TrySetResult(asked);
            _awaited.RemoveAll(awaited => awaited.Seen.Task.IsCompleted);
        }

        try
        {
            http.Response.StatusCode = await Answer(asked).WaitAsync(_ending.Token);
        }
        catch (OperationCanceledException)
        {
            http.Abort();
        }
    }
}

/// <summary>An event as it came to a receiver.</summary>
internal sealed record AskedEvent(int Receiver, JsonObject Event)
{
    public Guid Id => (Guid)Event["id"]!;

    public string Type => (string)Event["type"]!;
}
