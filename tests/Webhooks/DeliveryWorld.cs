using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Messages;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Webhooks;

/// <summary>A server that may reach this machine, a receiver, and a webhook that leads there; events are committed as operations commit them.</summary>
internal sealed class DeliveryWorld : IAsyncDisposable
{
    public const string Type = EventTypes.UserUpdateComplete;

    private DeliveryWorld(TestServer server, MessengerReceiver receiver) => (Server, Receiver) = (server, receiver);

    public TestServer Server { get; private set; }

    public MessengerReceiver Receiver { get; }

    public Guid Tenant { get; private set; }

    public Guid Webhook { get; private set; }

    public IStore Store => Server.Services.GetRequiredService<IStore>();

    public static async Task<DeliveryWorld> Start(params string[] settings)
    {
        var world = new DeliveryWorld(await TestServer.Start(settings: ["--Webhooks:AllowPrivateAddresses=true", .. settings]), await MessengerReceiver.Start());
        world.Tenant = await world.NewTenant();
        world.Webhook = await world.NewWebhook(world.Receiver.Url + "/hook");
        return world;
    }

    public Task<Guid> NewTenant() => Server.NewTenant(new { eventConfiguration = new { events = EventTypes.All.ToDictionary(type => type, _ => new { enabled = true }) } });

    /// <param name="more">Members beside those that every webhook has here, as JSON.</param>
    public async Task<Guid> NewWebhook(string url, string more = "{}", int readTimeout = 2_000)
    {
        var webhook = (JsonObject)JsonNode.Parse(more)!;
        webhook["url"] = url;
        (webhook["connectTimeout"], webhook["readTimeout"]) = (2_000, readTimeout);
        webhook["tenantIds"] ??= new JsonArray(JsonValue.Create(Tenant));
        webhook["eventsEnabled"] = new JsonObject { [Type] = true, [EventTypes.UserDeleteComplete] = true };
        var id = Guid.NewGuid();
        (await Server.Post($"/api/webhook/{id}", new JsonObject { ["webhook"] = webhook })).Is(200);
        return id;
    }

    /// <summary>Commits an event for the webhook; the text is its only member.</summary>
    public async Task<Guid> Raise(string subject, string text = "", Guid? webhook = null, string type = Type, Guid? tenant = null)
    {
        var now = Server.Time.UtcNow;
        var (id, told) = Event(subject, text, type, tenant ?? Tenant, now);
        await Store.Apply(new Commit().PutEvent(told).Tell(Guid.CreateVersion7(now), told, webhook ?? Webhook, told.Instant));
        return id;
    }

    public static (Guid Id, StoredEvent Told) Event(string subject, string text, string type, Guid tenant, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var instant = now.ToUnixTimeMilliseconds();
        return (id, new StoredEvent(id, tenant, type, subject, null, TransactionType.None, EventResult.Succeeded, EventBody.Write(id, type, tenant, instant, null, new JsonObject { ["text"] = text })));
    }

    /// <summary>The next request, as the id of its event and its text.</summary>
    public async Task<(Guid Id, string Text)> Next()
    {
        var told = JsonNode.Parse((await Receiver.Next()).Body)!["event"]!;
        return ((Guid)told["id"]!, (string)told["text"]!);
    }

    /// <summary>Waits until so many entries of the outbox are as described.</summary>
    public Task Waiting(string condition, int rows, Guid? webhook = null) => Until($"select count(*) as found from outbox where queue = @queue and {condition}", rows, webhook);

    /// <summary>Waits until nothing waits for the webhook.</summary>
    public Task Empty(Guid? webhook = null) => Waiting("parked_instant is null", 0, webhook);

    /// <summary>Waits until so many attempts of the webhook are as described.</summary>
    public Task Attempts(string condition, int rows, Guid? webhook = null) => Until($"select count(*) as found from webhook_attempt where @queue = @queue and webhook_id = @webhook and {condition}", rows, webhook);

    public Task Wake(Guid? webhook = null) => Server.Services.GetRequiredService<IGrainFactory>().Outbox(EventCommit.QueueOf(webhook ?? Webhook)).Wake();

    /// <summary>Stops the server as a supervisor would, and starts another on the same data.</summary>
    public async Task Restart() => Server = await Server.Restart();

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await Server.DisposeAsync();
    }

    private async Task Until(string query, int rows, Guid? webhook)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var id = webhook ?? Webhook;
        (string, object?)[] parameters = query.Contains("@webhook", StringComparison.Ordinal) ? [("queue", EventCommit.QueueOf(id)), ("webhook", id)] : [("queue", EventCommit.QueueOf(id))];
        while ((await Store.Query(query, row => row.Long("found"), patience.Token, parameters))[0] != rows) await Task.Yield();
    }
}
