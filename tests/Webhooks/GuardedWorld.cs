using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Webhooks;

/// <summary>A server with the usual guard on addresses, and a webhook that leads where it should not.</summary>
internal sealed class GuardedWorld : IAsyncDisposable
{
    private readonly TestServer _server;
    private readonly Guid _webhook;

    private GuardedWorld(TestServer server, Guid webhook) => (_server, _webhook) = (server, webhook);

    public static async Task<GuardedWorld> Start(string url)
    {
        var (server, webhook) = (await TestServer.Start(), Guid.NewGuid());
        var tenant = await server.NewTenant();
        (await server.Post($"/api/webhook/{webhook}", new { webhook = new { url, connectTimeout = 1000, readTimeout = 1000, tenantIds = new[] { tenant } } })).Is(200);
        var (_, told) = DeliveryWorld.Event("ada", "", DeliveryWorld.Type, tenant, server.Time.UtcNow);
        await server.Services.GetRequiredService<IStore>().Apply(new Commit().PutEvent(told).Tell(Guid.NewGuid(), told, webhook, told.Instant));
        return new GuardedWorld(server, webhook);
    }

    /// <summary>Waits until the event has been given up for a reason that says this.</summary>
    public async Task Parked(string reason)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var store = _server.Services.GetRequiredService<IStore>();
        IReadOnlyList<string> faults = [];
        while (faults.Count == 0)
            faults = await store.Query("select fault from outbox where queue = @queue and parked_instant is not null", row => row.Text("fault"), patience.Token, ("queue", EventCommit.QueueOf(_webhook)));
        Assert.Contains(reason, Assert.Single(faults), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
