using Microsoft.Extensions.Logging;
using OrleansAuth.Audit;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

internal sealed partial class OutboxGrain
{
    private const int LongestReason = 500;
    private const int MostRemovedAtOnce = 500;
    private static readonly TimeSpan ParkedFor = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestSettlePause = TimeSpan.FromSeconds(30);

    /// <summary>One attempt and its consequence. Never throws; where the server stops before the end, the entry stays as it was.</summary>
    private async Task Deliver(OutboxRow row)
    {
        var (queue, stopping) = (_queue!, host.ApplicationStopping);
        OutboxVerdict verdict;
        using var tooLong = new CancellationTokenSource(queue.Limits.LongestDelivery, clock.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, stopping);
        try
        {
            var item = new OutboxItem(row.Id, row.Subject, row.TenantId, row.Attempts + 1, row.Body, row.Queued);
            verdict = await Task.Run(() => queue.Deliver(item, limit.Token), CancellationToken.None);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested)
        {
            verdict = new OutboxVerdict.Retry("The delivery took too long.");
        }
        catch (Exception error)
        {
            log.LogError(error, "A delivery of the queue {Queue} failed, entry {Id}.", queue.Name, row.Id);
            verdict = new OutboxVerdict.Retry($"The delivery failed with {error.GetType().Name}; the server's log says more.");
        }

        await Settle(row, verdict);
    }

    /// <summary>
    /// Commits what a verdict means. Through an outage it waits and tries again, still holding the entry, which would else be
    /// delivered over and over.
    /// </summary>
    private async Task Settle(OutboxRow row, OutboxVerdict verdict)
    {
        var eventId = Guid.CreateVersion7(clock.UtcNow);
        for (var pause = TimeSpan.FromSeconds(1); ; pause = pause * 2 < LongestSettlePause ? pause * 2 : LongestSettlePause)
        {
            try
            {
                await store.Apply(Consequence(row, verdict, eventId));
                return;
            }
            catch (Exception reason)
            {
                log.LogWarning("What became of entry {Id} of the queue {Queue} could not be stored: {Reason}", row.Id, _queue!.Name, reason.Message);
            }

            await Task.Delay(pause, clock.Time, host.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (host.ApplicationStopping.IsCancellationRequested) return;
        }
    }

    private Commit Consequence(OutboxRow row, OutboxVerdict verdict, Guid eventId)
    {
        var failed = row.Attempts + 1;
        switch (verdict)
        {
            case OutboxVerdict.Done:
                return new Commit().Delivered(row.Id);
            case OutboxVerdict.Retry retry when _queue!.Limits.BackOff.Pause(failed, retry.After, Random.Shared.NextDouble()) is { } pause:
                return new Commit().Postpone(row.Id, failed, clock.Now + (long)pause.TotalMilliseconds, Cut(retry.Reason));
            default:
                var reason = Cut(verdict switch { OutboxVerdict.Refused refused => refused.Reason, OutboxVerdict.Retry last => $"Given up after {failed} attempts. {last.Reason}", _ => "" });
                var commit = new Commit().Park(row.Id, failed, clock.Now, reason);
                eventLog.Append(commit, eventId, EventLog.Error,
                    $"Entry [{row.Id}] of the queue [{_queue!.Name}] was parked{(row.TenantId is { } tenant ? $", tenant [{tenant}]" : "")}. {reason}",
                    aboutWebhooks: _queue.Name.StartsWith(EventCommit.QueuePrefix, StringComparison.Ordinal));
                return commit;
        }
    }

    /// <summary>What was given up long ago leaves for good.</summary>
    private async Task RemoveOld(IOutboxQueue queue)
    {
        var old = await outbox.ParkedBefore(queue.Name, clock.Now - (long)ParkedFor.TotalMilliseconds, MostRemovedAtOnce);
        if (old.Count == 0) return;
        var commit = new Commit();
        foreach (var id in old) commit.Delivered(id);
        await store.Apply(commit);
    }

    private static string Cut(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason];
}
