using System.Text;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Tenants;

namespace OrleansAuth.Benchmarks;

/// <summary>Events that wait for a webhook, each about something else.</summary>
internal static class EventBacklog
{
    private const int InOneCommit = 100;

    /// <summary>Writes them while the server is stopped.</summary>
    /// <returns>The body of one of them, as it is sent.</returns>
    public static async Task<byte[]> Write(StoreOptions storage, Guid webhook, int events)
    {
        await using var store = await StoreFactory.Open(storage);
        var (now, last) = (TimeProvider.System.GetUtcNow(), "");
        for (var at = 0; at < events; at += InOneCommit)
        {
            var commit = new Commit();
            for (var i = at; i < Math.Min(events, at + InOneCommit); i++)
            {
                var (id, instant) = (OrderedId.New(now.ToUnixTimeMilliseconds()), now.ToUnixTimeMilliseconds());
                last = JsonSerializer.Serialize(new { @event = new { id, type = OurSystem.EventType, createInstant = instant, info = new { }, user = new { email = $"{id:N}@example.com", data = new string('x', 800) } } });
                var told = new StoredEvent(id, null, OurSystem.EventType, $"{id:N}", null, TransactionType.None, EventResult.Succeeded, last);
                commit.PutEvent(told).Tell(Guid.CreateVersion7(now), told, webhook, instant);
            }

            await store.Apply(commit);
        }

        return Encoding.UTF8.GetBytes(last);
    }

    /// <summary>Queues all of them again.</summary>
    public static async Task Resend(OurSystem server, Guid webhook)
    {
        for (long? after = 0; after is not null;)
        {
            var answer = await server.Call($"/api/webhook/{webhook}/resend", new { start = 0, after });
            after = answer.TryGetProperty("after", out var next) ? next.GetInt64() : null;
        }
    }
}
