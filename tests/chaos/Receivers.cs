using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansAuth.Chaos;

/// <summary>
/// The receivers of events: <c>/told/n</c> takes what is told, <c>/asked/n</c> votes, by lot but always alike for the same seed and user, and takes
/// what comes again. Each delivery is a line of the history.
/// </summary>
internal sealed class Receivers : IAsyncDisposable
{
    /// <summary>How many are told, and how many are asked.</summary>
    public const int Told = 2, Asked = 3;

    // A veto that says nothing about the receiver as a whole: five answers of 5xx would have it left alone.
    private const int Veto = 409;
    private const double Agreeing = 0.75;

    private readonly WebApplication _app;
    private readonly History _history;
    private readonly int _seed;
    private readonly HashSet<string> _seen = [];

    private Receivers(WebApplication app, History history, int seed) => (_app, _history, _seed) = (app, history, seed);

    /// <summary>Connections are cut before an answer.</summary>
    public bool Dead { get; set; }

    /// <summary>Answers come after this time.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>From now on nobody vetoes.</summary>
    public bool AllAgree { get; set; }

    public static async Task<Receivers> Start(History history, int seed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receivers = new Receivers(builder.Build(), history, seed);
        receivers._app.Run(receivers.Take);
        await receivers._app.StartAsync();
        return receivers;
    }

    public string Url(string kind, int number) => $"{_app.Urls.First()}/{kind}/{number}";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        var start = _history.Now;
        using var reader = new StreamReader(http.Request.Body);
        if (JsonNode.Parse(await reader.ReadToEndAsync())?["event"] is not JsonObject told) return;
        var (id, receiver) = ((string)told["id"]!, http.Request.Path.Value!.Trim('/'));
        var status = Status(receiver, id, told);
        if (Delay > TimeSpan.Zero) await Task.Delay(Delay, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var cut = Dead || http.RequestAborted.IsCancellationRequested;
        _history.Write(receiver, "delivery", id, start, _history.Now, cut ? "lost" : status == 200 ? "ok" : "refused", new JsonObject
        {
            ["type"] = (string?)told["type"],
            ["user"] = (string?)told["user"]?["id"],
            ["value"] = (string?)told["user"]?["firstName"],
            ["instant"] = (long?)told["createInstant"],
        });
        if (cut) http.Abort();
        else http.Response.StatusCode = status;
    }

    private int Status(string receiver, string id, JsonObject told)
    {
        if (receiver.StartsWith("told/", StringComparison.Ordinal)) return 200;
        // What comes again was stored meanwhile; and a connection that is cut is no vote.
        if (!Dead)
        {
            lock (_seen)
            {
                if (!_seen.Add($"{receiver} {id}")) return 200;
            }
        }

        if (AllAgree) return 200;
        var lot = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_seed} {receiver} {told["user"]?["id"]}")));
        return BitConverter.ToUInt16(lot) < Agreeing * ushort.MaxValue ? 200 : Veto;
    }
}
