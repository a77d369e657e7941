using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansAuth.Benchmarks;

/// <summary>A receiver on this machine that reads what it gets, answers 200 and counts.</summary>
internal sealed class EventReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly WebApplication _app;
    private TaskCompletionSource<long> _enough = new();
    private int _wanted;
    private int _count;

    private EventReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<EventReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new EventReceiver(builder.Build());
        receiver._app.Run(receiver.Count);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>How many came per second, from the beginning of the work until so many were here.</summary>
    public async Task<double> Take(int requests, Func<Task> work)
    {
        (_wanted, _enough) = (requests, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        Volatile.Write(ref _count, 0);
        var begun = Stopwatch.GetTimestamp();
        await work();
        return requests / Stopwatch.GetElapsedTime(begun, await _enough.Task.WaitAsync(Patience)).TotalSeconds;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Count(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null);
        if (Interlocked.Increment(ref _count) == _wanted) _enough.TrySetResult(Stopwatch.GetTimestamp());
    }
}
