using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Events;

/// <summary>A tenant that sends every event, and a webhook of its own that wants them all. Nobody answers there unless a test says so.</summary>
internal sealed class EventWorld
{
    private readonly TestServer _server;

    private EventWorld(TestServer server, Guid tenant, Guid webhook) => (_server, Tenant, Webhook) = (server, tenant, webhook);

    public Guid Tenant { get; }

    public Guid Webhook { get; }

    /// <param name="url">Where the webhook is; the default is an address that nobody may choose.</param>
    /// <param name="transactions">Transaction types by event type, where not None.</param>
    public static async Task<EventWorld> Start(TestServer server, string url = "http://127.0.0.1:9/", IReadOnlyDictionary<string, string>? transactions = null)
    {
        var tenant = await server.NewTenant(new { eventConfiguration = new { events = EventTypes.All.ToDictionary(type => type, type => new { enabled = true, transactionType = transactions?.GetValueOrDefault(type) ?? "None" }) } });
        var webhook = Guid.NewGuid();
        (await server.Post($"/api/webhook/{webhook}", new { webhook = new { url, connectTimeout = 1000, readTimeout = 2000, tenantIds = new[] { tenant }, eventsEnabled = EventTypes.All.ToDictionary(type => type, _ => true) } })).Is(200);
        return new EventWorld(server, tenant, webhook);
    }

    /// <summary>What the tenant has told, oldest first: the event without what wraps it. Events with secrets are opened.</summary>
    public async Task<IReadOnlyList<JsonObject>> Told(params string[] types)
    {
        var secrets = _server.Services.GetRequiredService<Storage.Secrets.SecretBox>();
        var rows = await _server.Services.GetRequiredService<IStore>().Query(
            "select id, type, body from webhook_event where tenant_id = @tenant order by seq",
            row => (Id: row.Guid("id"), Type: row.Text("type"), Body: row.Text("body")), default, ("tenant", Tenant));
        return [.. rows.Where(row => types.Length == 0 || types.Contains(row.Type)).Select(row => (JsonObject)JsonNode.Parse(row.Body[0] == '{' ? row.Body : secrets.Open(row.Body, EventBody.Place(row.Id)))!["event"]!)];
    }

    /// <summary>Something that succeeds in the tenant, by a client that calls itself so.</summary>
    public async Task Post(string path, object body, string userAgent = "Tests/1.0") =>
        (await _server.Send(HttpMethod.Post, path, body, tenant: Tenant, headers: [("User-Agent", userAgent)])).Is(200);

    /// <summary>The types of what the tenant has told, oldest first.</summary>
    public async Task<IReadOnlyList<string>> Types() => [.. (await Told()).Select(told => (string)told["type"]!)];
}
