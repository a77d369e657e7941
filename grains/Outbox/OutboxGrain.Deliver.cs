using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

internal sealed partial class OutboxGrain
{
    private readonly ConcurrentQueue<Ended> _ended = new();

    /// <summary>
    /// Delivers an entry and, while all goes well, others behind it. Never throws; where the server stops before the end of a delivery, it has
    /// no verdict and the entry stays as it was.
    /// </summary>
    private Task Deliver(OutboxRow first)
    {
        var queue = _queue!;
        return Task.Run(async () =>
        {
            for (OutboxRow? row = first, next; row is not null; row = next)
            {
                var verdict = await Attempt(queue, row);
                next = verdict is OutboxVerdict.Done && _goesOn && _hand.TryTakeReady(out var ready) ? ready : null;
                if (verdict is not OutboxVerdict.Done) _goesOn = false;
                var entryId = verdict is OutboxVerdict.Done ? Guid.Empty : OrderedId.New(clock.Now);
                _ended.Enqueue(new Ended(row.Id, row.Subject, row.Attempts + 1, row.TenantId, verdict, next is null, entryId));
                // The pump looks by itself when it has waited or stored: until then it is woken only where nothing would be left to deliver.
                if (next is null || !(_isWaiting || _isSettling) || IsRunningOut) _rings.Writer.TryWrite(true);
            }
        });
    }

    private async Task<OutboxVerdict?> Attempt(IOutboxQueue queue, OutboxRow row)
    {
        if (row.NotBefore is { } until && until > clock.Now) return new OutboxVerdict.Later(until);
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

    /// <summary>The end of a delivery.</summary>
    /// <param name="Attempts">How many there were, this one among them.</param>
    /// <param name="IsLast">Its place is free.</param>
    /// <param name="EntryId">Of what the event log may have to say about it; empty where all went well, and that is nothing.</param>
    private sealed record Ended(Guid Id, string Subject, int Attempts, Guid? TenantId, OutboxVerdict? Verdict, bool IsLast, Guid EntryId);
}
