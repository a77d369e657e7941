using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Webhooks;

/// <summary>A thousand receivers that are dead or silent, and one that lives.</summary>
public sealed class ManyReceiversTests : IAsyncLifetime
{
    private const int Dead = 1_000;
    private DeliveryWorld _world = null!;

    public async Task InitializeAsync() => _world = await DeliveryWorld.Start();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task The_living_one_hears_promptly_while_connections_and_memory_stay_bounded()
    {
        // Half of them refuse connections; half take them and never say a word, which is worse.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(Dead * 4);
        var (refusing, open) = (ClosedPort(), ((IPEndPoint)silent.LocalEndpoint).Port);
        var webhooks = new List<Guid>();
        for (var i = 0; i < Dead; i++) webhooks.Add(await _world.NewWebhook($"http://127.0.0.1:{(i % 2 == 0 ? refusing : open)}/{i}", readTimeout: 500));
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (var chunk in webhooks.Chunk(100)) await Raise(chunk, events: 20);
        var gate = _world.Server.Services.GetRequiredService<OutgoingGate>();
        var (most, slowest) = (0, TimeSpan.Zero);
        for (var i = 0; i < 20; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            var id = await _world.Raise($"s{i}");
            Assert.Equal(id, (await _world.Next()).Id);
            slowest = slowest < Stopwatch.GetElapsedTime(begun) ? Stopwatch.GetElapsedTime(begun) : slowest;
            most = Math.Max(most, gate.Inside);
        }

        await _world.Empty();
        Assert.InRange(most, 1, 256);
        Assert.True(slowest < TimeSpan.FromSeconds(10), $"The living receiver waited {slowest}.");
        var grown = (GC.GetTotalMemory(forceFullCollection: true) - before) / (1024 * 1024);
        Assert.True(grown < 200, $"Memory grew by {grown} MiB.");
        await _world.Waiting("parked_instant is not null", 0);
    }

    private async Task Raise(IEnumerable<Guid> webhooks, int events)
    {
        var now = _world.Server.Time.UtcNow;
        for (var i = 0; i < events; i++)
        {
            var (_, told) = DeliveryWorld.Event($"d{i}", "", DeliveryWorld.Type, _world.Tenant, now);
            var commit = new Commit().PutEvent(told);
            foreach (var webhook in webhooks) commit.Tell(Guid.CreateVersion7(now), told, webhook, told.Instant);
            await _world.Store.Apply(commit);
        }
    }

    private static int ClosedPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
