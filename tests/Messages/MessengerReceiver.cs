using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace OrleansAuth.Messages;

/// <summary>The end of a messenger or a webhook, on a free port of this machine: keeps every request that it gets, and answers as it is told.</summary>
internal sealed class MessengerReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<ReceivedMessage> _requests = Channel.CreateUnbounded<ReceivedMessage>();
    private readonly CancellationTokenSource _ending = new();
    private int _count;

    private MessengerReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Statuses of the first answers; later ones are 200. 0 does not answer at all. A redirect leads back here.</summary>
    public int[] Answers { get; set; } = [];

    /// <summary>Sent with every answer that is not 200.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Answers in place of <see cref="Answers"/>; null leaves it to them.</summary>
    public Func<HttpContext, ReceivedMessage, Task>? Behave { get; set; }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Fires when the receiver goes.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <param name="certificate">Its own, for TLS; null for none.</param>
    /// <param name="demandsClient">Whoever connects must show a certificate, whichever.</param>
    public static async Task<MessengerReceiver> Start(int port = 0, X509Certificate2? certificate = null, bool demandsClient = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is null) return;
            listen.UseHttps(certificate, https =>
            {
                https.ClientCertificateMode = demandsClient ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        var receiver = new MessengerReceiver(builder.Build());
        receiver._app.Run(receiver.Take);
        await receiver._app.StartAsync();
        return receiver;
    }

    public async Task<ReceivedMessage> Next()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _requests.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _app.DisposeAsync();
        _ending.Dispose();
    }

    private async Task Take(HttpContext http)
    {
        var number = Interlocked.Increment(ref _count) - 1;
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var received = new ReceivedMessage(http.Request.Path, http.Request.ContentType ?? "", body, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        var status = number < Answers.Length ? Answers[number] : 200;
        await _requests.Writer.WriteAsync(received);
        if (Behave is { } behave)
        {
            await behave(http, received);
            return;
        }

        if (status == 0) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Response.StatusCode = status == 0 ? 200 : status;
        if (status is >= 300 and < 400) http.Response.Headers.Location = Url + "/elsewhere";
        if (status != 200 && RetryAfter is { } after) http.Response.Headers.RetryAfter = after;
    }
}

/// <summary>A request as it came.</summary>
internal sealed record ReceivedMessage(string Path, string Type, string Body, IReadOnlyDictionary<string, string> Headers);
