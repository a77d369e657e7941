using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansAuth.OAuth;

/// <summary>An application's end of the back channel, on a free port of this machine: keeps every logout token that it gets.</summary>
internal sealed class LogoutReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<string> _tokens = Channel.CreateUnbounded<string>();
    private int _requests;

    private LogoutReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/logout";

    /// <summary>Statuses of the first answers; later ones are 200. A redirect leads back here.</summary>
    public int[] Answers { get; set; } = [];

    public int Requests => Volatile.Read(ref _requests);

    public static async Task<LogoutReceiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new LogoutReceiver(builder.Build());
        receiver._app.Run(receiver.Take);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The next token.</summary>
    public async Task<string> Next()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _tokens.Reader.ReadAsync(patience.Token);
    }

    public bool HasMore => _tokens.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        var number = Interlocked.Increment(ref _requests) - 1;
        var form = await http.Request.ReadFormAsync();
        http.Response.StatusCode = number < Answers.Length ? Answers[number] : 200;
        if (http.Response.StatusCode is 302) http.Response.Headers.Location = Url;
        await http.Response.CompleteAsync();
        await _tokens.Writer.WriteAsync(form["logout_token"].ToString());
    }
}
