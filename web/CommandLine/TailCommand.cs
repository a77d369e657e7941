using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.CommandLine;

/// <summary>Shows what a server's logs get, as it comes.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public static readonly Command Command = new(
        "logs tail", null,
        """
        Shows what a server's logs get, as it comes. Ctrl-C ends it.
        A connection that breaks is made again, and nothing is left out.
        """,
        [
            .. ApiClient.Options,
            new("filter", "KINDS", "Some of audit, event, login, login-failed and webhook, with commas between; all if it is not said."),
            new("tenant", "ID", "What belongs to this tenant alone."),
            new("json", null, "A JSON object for each entry, with all of it."),
        ],
        Run);

    private static async Task<int> Run(Arguments arguments, Terminal terminal, CancellationToken stop)
    {
        var tenant = arguments.Id("tenant");
        var kinds = arguments.List("filter") is { } filter ? $"?kinds={Uri.EscapeDataString(string.Join(',', filter))}" : "";
        using var api = ApiClient.Of(arguments);
        var (events, pause, wasThere) = (new ServerSentEvents(), ServerSentEvents.UsualPause, false);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await api.Open($"/api/system/log/tail{kinds}", tenant, events.LastId, stop);
                if (!wasThere) terminal.Remark("Listening. Ctrl-C ends it.");
                (wasThere, pause) = (true, events.Pause);
                await Show(events, answer, terminal, arguments.Has("json"), stop);
            }
            catch (Exception error) when (wasThere && error is ApiClient.UnreachableException or IOException or HttpRequestException)
            {
                terminal.Remark($"The connection is gone; trying again in {pause.TotalSeconds:0} seconds.");
            }

            await Task.Delay(pause, stop);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        return 0;
    }

    private static async Task Show(ServerSentEvents events, HttpResponseMessage answer, Terminal terminal, bool asJson, CancellationToken stop)
    {
        await foreach (var (kind, data) in events.Read(await answer.Content.ReadAsStreamAsync(stop), stop))
        {
            if (Parse(data) is not { } entry) continue;
            if (kind == "lost") terminal.Remark("Some entries are too far back to be shown here; search for them.");
            else terminal.Write(asJson ? new JsonObject { ["kind"] = kind, ["entry"] = entry }.ToJsonString(ContractJson.Options) : AsLine(kind, entry));
        }
    }

    private static string AsLine(string kind, JsonObject entry)
    {
        var text = kind switch
        {
            "audit" => $"{Text(entry, "insertUser")}: {Text(entry, "message")}",
            "event" => $"{Text(entry, "type")}: {Text(entry, "message")}",
            "login" => $"user {Text(entry, "userId")} signed in from {Text(entry, "ipAddress")} {Text(entry, "applicationName")}",
            "login-failed" => $"user {Text(entry, "userId")} was not let in from {Text(entry, "ipAddress")} {Text(entry, "applicationName")}",
            _ => entry.ToJsonString(ContractJson.Options),
        };
        return Terminal.Clean($"{TimeProvider.System.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}  {kind,-12}  {text}");
    }

    private static string Text(JsonObject entry, string name) => entry[name] switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        { } other => other.ToJsonString(),
        null => "",
    };

    private static JsonObject? Parse(string data)
    {
        try
        {
            return JsonNode.Parse(data, documentOptions: ContractJson.DocumentOptions) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
