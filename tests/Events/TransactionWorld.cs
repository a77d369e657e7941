using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Events;

/// <summary>A server, receivers that it may ask, and an operation that they may veto: a thing that is there once it was committed.</summary>
internal sealed class TransactionWorld : IAsyncDisposable
{
    /// <summary>What receivers are asked about unless a test says otherwise.</summary>
    public const string Type = EventTypes.UserUpdate;

    private readonly bool _ownsReceivers;

    private TransactionWorld(TestServer server, AskedReceivers receivers, FaultWatch watch, bool ownsReceivers) =>
        (Server, Receivers, Watch, _ownsReceivers) = (server, receivers, watch, ownsReceivers);

    public TestServer Server { get; }

    public AskedReceivers Receivers { get; }

    public FaultWatch Watch { get; }

    public IStore Store => Server.Services.GetRequiredService<IStore>();

    public EventSource Source => Server.Services.GetRequiredService<EventSource>();

    /// <param name="receivers">Those of another world, which keeps them; null for new ones.</param>
    public static async Task<TransactionWorld> Start(AskedReceivers? receivers = null, string? folder = null, ManualTime? time = null, params string[] settings)
    {
        var watch = new FaultWatch();
        var server = await TestServer.Start(services => services.AddSingleton<IFaultPoints>(watch), folder, time, ["--Webhooks:AllowPrivateAddresses=true", .. settings]);
        return new TransactionWorld(server, receivers ?? await AskedReceivers.Start(), watch, receivers is null);
    }

    /// <summary>A tenant whose webhooks are the receivers 0, 1 and so on.</summary>
    /// <param name="transactions">Transaction types by event type, where not None.</param>
    public async Task<AskedTenant> Tenant(int webhooks, params (string Type, TransactionType Transaction)[] transactions)
    {
        var types = transactions.ToDictionary(t => t.Type, t => t.Transaction);
        var tenant = await Server.NewTenant(new { eventConfiguration = new { events = EventTypes.All.ToDictionary(type => type, type => new { enabled = true, transactionType = types.GetValueOrDefault(type).ToString() }) } });
        var ids = new List<Guid>();
        for (var number = 0; number < webhooks; number++)
        {
            ids.Add(Guid.NewGuid());
            (await Server.Post($"/api/webhook/{ids[^1]}", new { webhook = new { url = Receivers.Url(number), connectTimeout = 1_000, readTimeout = 20_000, tenantIds = new[] { tenant }, eventsEnabled = EventTypes.All.Except(EventTypes.OfSystem).ToDictionary(type => type, _ => true) } })).Is(200);
        }

        return new AskedTenant(tenant, ids);
    }

    /// <summary>The events of an operation on a thing.</summary>
    public OperationEvents Events(AskedTenant tenant, Guid thing, JsonObject? members = null, params string[] types)
    {
        var events = Source.Begin(tenant.Id, thing, null);
        foreach (var type in types is [] ? [Type] : types) events.Add(type, () => (JsonObject?)members?.DeepClone() ?? []);
        return events;
    }

    /// <summary>Makes the thing, if its receivers agree.</summary>
    public Task<CommitResult> Operate(AskedTenant tenant, Guid thing, JsonObject? members = null, params string[] types) => Events(tenant, thing, members, types).Apply(Thing(tenant, thing));

    public static Commit Thing(AskedTenant tenant, Guid thing) => new Commit().Put(Key(thing), 0, "{}"u8.ToArray(), tenant.Id);

    public async Task<bool> Exists(Guid thing) => await Store.Read(Key(thing)) is not null;

    /// <summary>How the events about a thing stand, in the order in which they began.</summary>
    public Task<IReadOnlyList<(Guid Id, string Type, string Result)>> About(Guid thing) => Store.Query(
        "select id, type, result from webhook_event where linked_object_id = @thing order by seq", row => (row.Guid("id"), row.Text("type"), row.Text("result")), default, ("thing", thing));

    /// <summary>The result in the row that searches read; the row that decides must say the same.</summary>
    public async Task<string> Result(Guid thing)
    {
        var (id, _, result) = Assert.Single(await About(thing));
        Assert.Equal(result, (await EventTransactions.Find(Store, id))?.ToString());
        return result;
    }

    /// <summary>Which webhooks the outbox owes an event to, with the attempts that failed.</summary>
    public async Task<Dictionary<Guid, long>> Owed(Guid eventId) => (await Store.Query(
        "select queue, attempts from outbox where event_id = @id", row => (Queue: row.Text("queue"), Attempts: row.Long("attempts")), default, ("id", eventId)))
        .ToDictionary(row => Guid.ParseExact(row.Queue[EventCommit.QueuePrefix.Length..], "N"), row => row.Attempts);

    /// <summary>The attempts that were noted, by webhook.</summary>
    public async Task<ILookup<Guid, string>> Attempts(Guid eventId) => (await Store.Query(
        "select webhook_id, result from webhook_attempt where event_id = @id", row => (Webhook: row.Guid("webhook_id"), Result: row.Text("result")), default, ("id", eventId)))
        .ToLookup(row => row.Webhook, row => row.Result);

    public async ValueTask DisposeAsync()
    {
        if (_ownsReceivers) await Receivers.DisposeAsync();
        await Server.DisposeAsync();
    }

    private static StateKey Key(Guid thing) => new("thing", thing.ToString("N"));
}

/// <summary>A tenant and its webhooks, in the order of their numbers.</summary>
internal sealed record AskedTenant(Guid Id, IReadOnlyList<Guid> Webhooks);
