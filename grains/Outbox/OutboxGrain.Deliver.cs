using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

internal sealed partial class OutboxGrain
{
    private readonly ConcurrentQueue<Ended> _ended = new();

    /// <summary>One attempt. Never throws; where the server stops before the end, there is no verdict and the entry stays as it was.</summary>
    private Task Deliver(OutboxRow row)
    {
        var queue = _queue!;
        return Task.Run(async () =>
        {
            var verdict = await Attempt(queue, row);
            _ended.Enqueue(new Ended(row, verdict, Guid.CreateVersion7(clock.UtcNow)));
            _rings.Writer.TryWrite(true);
        });
    }

    private async Task<OutboxVerdict?> Attempt(IOutboxQueue queue, OutboxRow row)
    {
        var stopping = host.ApplicationStopping;
        using var limit = new CancellationTokenSource(queue.Limits.LongestDelivery, clock.Time);
        using var given = stopping.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit);
        try
        {
            return await queue.Deliver(new OutboxItem(row.Id, row.Subject, row.TenantId, row.Attempts + 1, row.Body, row.Queued) { Queue = _name, Event = row.Event }, limit.Token);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new OutboxVerdict.Retry("The delivery took too long.");
        }
        catch (Exception error)
        {
            log.LogError(error, "A delivery of the queue {Queue} failed, entry {Id}.", _name, row.Id);
            return new OutboxVerdict.Retry($"The delivery failed with {error.GetType().Name}; the server's log says more.");
        }
    }

    /// <param name="EntryId">Of what the event log may have to say about it.</param>
    private sealed record Ended(OutboxRow Row, OutboxVerdict? Verdict, Guid EntryId);
}
