using System.Text.Json.Nodes;

namespace OrleansAuth.CommandLine;

/// <summary>Has a webhook told again what it may have missed.</summary>
internal static class ResendCommand
{
    public static readonly Command Command = new(
        "webhooks resend", null,
        "Tells a webhook once more of an event, or of all events of the last while. Ids stay as they were.",
        [
            .. ApiClient.Options,
            new("webhook", "ID", "The webhook. Required."),
            new("event", "ID", "The event."),
            new("since", "TIME", "In place of an event, all since then: 90s, 15m, 1h or 2d ago."),
            new("types", "TYPES", "Of those, only events of these types."),
            new("failed", null, "Of those, only events that did not get there."),
        ],
        Run);

    private static async Task<int> Run(Arguments arguments, Terminal terminal, CancellationToken stop)
    {
        var webhook = arguments.Id("webhook") ?? throw Arguments.Misused(Command, "--webhook is missing.");
        var body = Wish(arguments);
        using var api = ApiClient.Of(arguments);
        var (sent, more) = (0L, true);
        while (more)
        {
            // The server takes a part at a time and says where the next one begins.
            var answer = await api.Send(HttpMethod.Post, $"/api/webhook/{webhook}/resend", body, null, stop);
            sent += (long?)answer["resent"] ?? 0;
            more = answer["after"] is not null;
            if (more) body["after"] = answer["after"]!.DeepClone();
        }

        terminal.Write($"{sent} {(sent == 1 ? "event is" : "events are")} on the way again.");
        return 0;
    }

    private static JsonObject Wish(Arguments arguments)
    {
        var (told, since) = (arguments.Id("event"), arguments.Span("since"));
        if (told is null == since is null) throw Arguments.Misused(Command, "Say which: either --event or --since.");
        if (told is { } id)
        {
            if (arguments.Has("types") || arguments.Has("failed")) throw Arguments.Misused(Command, "--types and --failed choose among events of a time: --since.");
            return new JsonObject { ["eventId"] = id };
        }

        var now = TimeProvider.System.GetUtcNow();
        var wish = new JsonObject { ["start"] = (now - since!.Value).ToUnixTimeMilliseconds(), ["end"] = now.ToUnixTimeMilliseconds() };
        if (arguments.List("types") is { } types) wish["types"] = new JsonArray([.. types.Select(type => (JsonNode)type)]);
        if (arguments.Has("failed")) wish["onlyFailed"] = true;
        return wish;
    }
}
