using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Webhooks;

namespace OrleansAuth.CommandLine;

/// <summary>Sends an event that did not happen: by a server to one of its webhooks, or from here, without a server, to a receiver that is being built.</summary>
internal static class TriggerCommand
{
    public static readonly Command Command = new(
        "webhooks trigger", "type",
        """
        Sends a sample of an event, such as user.create, to a receiver and shows how it answers.
        With --webhook the server sends it, as it sends real ones; with --forward-to it comes from here and needs no server.
        """,
        [
            .. ApiClient.Options,
            new("webhook", "ID", "The webhook of the server that is tried."),
            new("tenant", "ID", "Whose event it is to be."),
            new("forward-to", "URL", "In place of a webhook, the receiver."),
            new("secret", "SECRET", "What signs it there, whsec_…; a new one, which is shown, if it is not said."),
        ],
        Run);

    private static Task<int> Run(Arguments arguments, Terminal terminal, CancellationToken stop)
    {
        var type = arguments.Word!;
        if (type != EventTypes.Test && !EventTypes.All.Contains(type))
            throw new CommandException($"There is no type of events '{Terminal.Clean(type)}'. There are: {EventTypes.Test}, {string.Join(", ", EventTypes.All)}", CommandException.Misused);
        var (webhook, target) = (arguments.Id("webhook"), arguments.Url("forward-to"));
        if (webhook is null == target is null) throw Arguments.Misused(Command, "Say where to: either --webhook or --forward-to.");
        return webhook is { } id ? ByServer(arguments, type, id, terminal, stop) : FromHere(arguments, type, target!, terminal);
    }

    private static async Task<int> ByServer(Arguments arguments, string type, Guid webhook, Terminal terminal, CancellationToken stop)
    {
        if (arguments.Has("secret")) throw Arguments.Misused(Command, "The server signs with the webhook's own secret: --secret goes with --forward-to.");
        using var api = ApiClient.Of(arguments);
        var answer = (await api.Send(HttpMethod.Post, $"/api/webhook/{webhook}/test", new JsonObject { ["type"] = type }, arguments.Id("tenant"), stop))["test"] as JsonObject ?? [];
        terminal.Write(Terminal.Clean($"{type}  {answer["eventId"]}  -> {(string?)answer["exception"] ?? $"{answer["statusCode"]} in {answer["milliseconds"]} ms"}  {(string?)answer["answer"]}").TrimEnd());
        return (string?)answer["outcome"] == nameof(DeliveryOutcome.Delivered) ? 0 : CommandException.Failed;
    }

    private static async Task<int> FromHere(Arguments arguments, string type, Uri target, Terminal terminal)
    {
        var secret = arguments.Text("secret") ?? WebhookSecrets.New();
        if (!WebhookSecrets.IsValid(secret)) throw new CommandException("--secret must be whsec_ and 24 to 64 bytes as Base64.", CommandException.Misused);
        if (!arguments.Has("secret")) terminal.Remark($"Signed with the secret {secret}");
        var (id, now) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        var body = Sample(type, id, arguments.Id("tenant"), now);
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(EventSignature.IdHeader, id.ToString());
        request.Headers.Add(EventSignature.TimestampHeader, timestamp);
        request.Headers.Add(EventSignature.SignatureHeader, EventSignature.Sign(secret, id.ToString(), timestamp, body));
        using var forwarded = new ForwardedEvents(target);
        var began = Stopwatch.GetTimestamp();
        var answer = await forwarded.Send(request);
        terminal.Write(Terminal.Clean($"{type}  {id}  -> {answer.Fault ?? $"{answer.Status} in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms"}"));
        return answer.Status is >= 200 and < 300 ? 0 : CommandException.Failed;
    }

    private static byte[] Sample(string type, Guid id, Guid? tenant, DateTimeOffset now)
    {
        var told = new JsonObject { ["createInstant"] = now.ToUnixTimeMilliseconds(), ["id"] = id, ["info"] = ContractJson.ToNode(EventSamples.Info), ["type"] = type };
        if (!EventTypes.OfSystem.Contains(type)) told["tenantId"] = tenant ?? EventSamples.Tenant;
        var members = EventSamples.Members(type)!;
        foreach (var (name, value) in members.ToArray())
        {
            members.Remove(name);
            told[name] = value;
        }

        return Encoding.UTF8.GetBytes(new JsonObject { ["event"] = told }.ToJsonString(ContractJson.Options));
    }
}
