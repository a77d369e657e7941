using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Events;
using OrleansAuth.Webhooks;

namespace OrleansAuth.CommandLine;

/// <summary>
/// Receives a server's events on this machine, as long as it runs: makes a webhook that leads here, shows what comes, hands it on to the
/// developer's own receiver, and removes the webhook at the end.
/// </summary>
internal static class ListenCommand
{
    /// <summary>For people who come across the webhook, such as one that a killed command left.</summary>
    private const string Description = "Temporary: made by the command 'webhooks listen', which removes it when it ends.";

    private const int ConnectTimeout = 2_000;

    /// <summary>Longer than the developer's receiver is given (<see cref="ForwardedEvents"/>).</summary>
    private const int ReadTimeout = 15_000;

    public static readonly Command Command = new(
        "webhooks listen", null,
        """
        Receives a server's events on this machine and shows each as a line: time, type, id.
        Makes a webhook on the server for as long as it runs; Ctrl-C ends it and removes the webhook.
        Tenants send what their eventConfiguration enables. The server must be able to reach this machine's
        loopback address, which Webhooks:AllowPrivateAddresses allows it.
        """,
        [
            .. ApiClient.Options,
            new("events", "TYPES", "Types of events with commas between, such as user.create,user.login.*; all if it is not said."),
            new("tenant", "ID", "Events of this tenant alone."),
            new("forward-to", "URL", "Hands every event on to this receiver, whose status the server gets."),
            new("json", null, "A JSON object for each event, with all of it."),
        ],
        Run);

    private static async Task<int> Run(Arguments arguments, Terminal terminal, CancellationToken stop)
    {
        var types = Types(arguments.List("events"));
        using var forwarded = new ForwardedEvents(arguments.Url("forward-to"));
        var tenant = arguments.Id("tenant");
        using var api = ApiClient.Of(arguments);
        var (secret, shown) = (WebhookSecrets.New(), new HeardEvents(terminal, forwarded, asJson: arguments.Has("json")));
        await using var listener = new EventListener(secret, shown.Take);
        await listener.Start();
        var webhook = await Register(api, listener.Url, secret, types, tenant, stop);
        try
        {
            await Try(api, webhook, tenant, stop);
            shown.Begin();
            terminal.Remark($"Listening for {(types.Count == EventTypes.All.Count ? "all events" : string.Join(", ", types))} by the webhook {webhook}. Ctrl-C ends it.");
            if (await Note(api, types, tenant, stop) is { } note) terminal.Remark(note);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await Remove(api, webhook, tenant);
        }

        terminal.Remark("The webhook is removed.");
        return 0;
    }

    /// <summary>The types that are meant; a star at the end means all that begin so.</summary>
    private static ImmutableSortedSet<string> Types(string[]? wanted)
    {
        if (wanted is null) return EventTypes.All;
        var types = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var name in wanted)
        {
            var found = name.EndsWith('*') ? EventTypes.All.Where(type => type.StartsWith(name[..^1], StringComparison.Ordinal)).ToList() : EventTypes.All.Where(type => type == name).ToList();
            if (found.Count == 0) throw new CommandException($"There is no type of events '{name}'. There are: {string.Join(", ", EventTypes.All)}", CommandException.Misused);
            types.UnionWith(found);
        }

        return types.Count > 0 ? types.ToImmutable() : throw new CommandException("--events names no type.", CommandException.Misused);
    }

    private static async Task<Guid> Register(ApiClient api, string url, string secret, IEnumerable<string> types, Guid? tenant, CancellationToken stop)
    {
        var webhook = new JsonObject
        {
            ["url"] = url,
            ["description"] = Description,
            ["connectTimeout"] = ConnectTimeout,
            ["readTimeout"] = ReadTimeout,
            ["secret"] = secret,
            ["eventsEnabled"] = new JsonObject(types.Select(type => KeyValuePair.Create(type, (JsonNode?)true))),
        };
        if (tenant is { } id) webhook["tenantIds"] = new JsonArray(id);
        else webhook["global"] = true;
        // The id is chosen here, so that a webhook whose making was not answered can be removed all the same.
        var chosen = Guid.CreateVersion7();
        try
        {
            await api.Send(HttpMethod.Post, $"/api/webhook/{chosen}", new JsonObject { ["webhook"] = webhook }, tenant, stop);
        }
        catch (Exception error) when (error is OperationCanceledException or ApiClient.UnreachableException { MayHaveArrived: true })
        {
            await Remove(api, chosen, tenant);
            throw;
        }

        return chosen;
    }

    /// <summary>Whether events come through, before somebody waits for them in vain.</summary>
    private static async Task Try(ApiClient api, Guid webhook, Guid? tenant, CancellationToken stop)
    {
        var answer = await api.Send(HttpMethod.Post, $"/api/webhook/{webhook}/test", new JsonObject { ["type"] = EventTypes.Test }, tenant, stop);
        if ((string?)answer["test"]?["outcome"] is not { } outcome || outcome == nameof(DeliveryOutcome.Delivered)) return;
        throw new CommandException(Terminal.Clean($"The server cannot send events here: {(string?)answer["test"]!["exception"] ?? $"it got the status {answer["test"]!["statusCode"]}"} If it runs on this machine, start it with --Webhooks:AllowPrivateAddresses=true."));
    }

    /// <summary>Says so where nothing would ever come.</summary>
    private static async Task<string?> Note(ApiClient api, ImmutableSortedSet<string> types, Guid? tenant, CancellationToken stop)
    {
        if (types.Overlaps(EventTypes.OfSystem)) return null;
        JsonObject read;
        try
        {
            read = await api.Send(HttpMethod.Get, tenant is { } id ? $"/api/tenant/{id}" : "/api/tenant", null, tenant, stop);
        }
        catch (CommandException)
        {
            // A key that may not look at tenants may listen all the same.
            return null;
        }

        var tenants = read["tenants"] as JsonArray ?? [read["tenant"]?.DeepClone()];
        var sends = tenants.Any(one => types.Any(type => one?["eventConfiguration"]?["events"]?[type]?["enabled"] is JsonValue enabled && enabled.TryGetValue<bool>(out var on) && on));
        return sends ? null : "No tenant sends any of these yet: eventConfiguration.events of a tenant must enable them.";
    }

    /// <summary>Also where somebody has stopped the command.</summary>
    private static async Task Remove(ApiClient api, Guid webhook, Guid? tenant)
    {
        try
        {
            await api.Send(HttpMethod.Delete, $"/api/webhook/{webhook}", null, tenant, CancellationToken.None);
        }
        catch (CommandException error) when (!error.IsMissing)
        {
            throw new CommandException($"The webhook {webhook} may still be there; remove it. {error.Message}");
        }
        catch (CommandException)
        {
            // Somebody else was faster.
        }
    }
}
