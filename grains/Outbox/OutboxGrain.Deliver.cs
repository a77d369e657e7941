using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansAuth.Audit;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

internal sealed partial class OutboxGrain
{
    private const int LongestReason = 500;

    /// <summary>Deliveries that end together are settled together, so many at most.</summary>
    private const int MostSettledAtOnce = 128;
    private static readonly TimeSpan LongestSettlePause = TimeSpan.FromSeconds(30);

    /// <summary>Beyond a rest, so that what is known of it is not forgotten before.</summary>
    private static readonly TimeSpan BeyondRest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<Ended> _ended = new();
    private bool _isSettling;

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
        using var tooLong = new CancellationTokenSource(queue.Limits.LongestDelivery, clock.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, stopping);
        try
        {
            return await queue.Deliver(new OutboxItem(row.Id, row.Subject, row.TenantId, row.Attempts + 1, row.Body, row.Queued) { Queue = _name, Event = row.Event }, limit.Token);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested)
        {
            return new OutboxVerdict.Retry("The delivery took too long.");
        }
        catch (Exception error)
        {
            log.LogError(error, "A delivery of the queue {Queue} failed, entry {Id}.", _name, row.Id);
            return new OutboxVerdict.Retry($"The delivery failed with {error.GetType().Name}; the server's log says more.");
        }
    }

    /// <summary>Takes what has ended: places are free at once, the entries when their end is stored.</summary>
    private void SettleWhatEnded()
    {
        if (_isSettling || _ended.IsEmpty) return;
        var batch = new List<Ended>();
        while (batch.Count < MostSettledAtOnce && _ended.TryDequeue(out var one))
        {
            _running--;
            if (one.Verdict is null)
            {
                _busy.Remove(one.Row.Id);
                continue;
            }

            batch.Add(one);
            Rest(one.Verdict.Rest);
            _pace = one.Verdict is OutboxVerdict.Done ? Math.Min(_pace * 2, _queue!.Limits.Parallel) : Math.Max(_pace / 2, 1);
        }

        if (batch.Count == 0) return;
        _isSettling = true;
        _ = Settle(batch);
    }

    private void Rest(TimeSpan? rest)
    {
        _isCareful = rest is not null;
        if (rest is not { } wanted) return;
        _ready.Clear();
        _mayHoldMore = true;
        _restsUntil = clock.Now + (long)wanted.TotalMilliseconds;
        DelayDeactivation(wanted + BeyondRest);
    }

    /// <summary>
    /// Commits what verdicts mean. Through an outage it waits and tries again, still holding the entries, which would else be
    /// delivered over and over. What cannot be stored together is stored one by one, so that one does not fail the others.
    /// </summary>
    private async Task Settle(List<Ended> batch)
    {
        var open = batch;
        for (var pause = TimeSpan.FromSeconds(1); ; pause = pause * 2 < LongestSettlePause ? pause * 2 : LongestSettlePause)
        {
            open = open.Count > 1 && await Store(open) ? [] : await StoreEach(open);
            if (open.Count == 0) break;
            await Task.Delay(pause, clock.Time, host.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (host.ApplicationStopping.IsCancellationRequested) break;
        }

        foreach (var one in batch) _busy.Remove(one.Row.Id);
        _isSettling = false;
        _mayHoldMore = true;
        _rings.Writer.TryWrite(true);
    }

    /// <returns>Those that could not be stored.</returns>
    private async Task<List<Ended>> StoreEach(List<Ended> ended)
    {
        var failed = new List<Ended>();
        foreach (var one in ended)
            if (!await Store([one])) failed.Add(one);
        return failed;
    }

    private async Task<bool> Store(List<Ended> ended)
    {
        try
        {
            var commit = new Commit();
            foreach (var one in ended)
            {
                Conclude(commit, one);
                one.Verdict!.Rows?.Invoke(commit);
            }

            await store.Apply(commit);
            return true;
        }
        catch (Exception reason)
        {
            log.LogWarning("What became of {Count} entries of the queue {Queue}, {Id} the first, could not be stored: {Reason}", ended.Count, _name, ended[0].Row.Id, reason.Message);
            return false;
        }
    }

    private void Conclude(Commit commit, Ended ended)
    {
        var (row, failed) = (ended.Row, ended.Row.Attempts + 1);
        switch (ended.Verdict)
        {
            case OutboxVerdict.Done:
                commit.Delivered(row.Id);
                break;
            case OutboxVerdict.Untouched:
                break;
            case OutboxVerdict.Retry retry when _queue!.Limits.BackOff.Pause(failed, retry.After, Random.Shared.NextDouble()) is { } pause:
                commit.Postpone(row.Id, failed, clock.Now + (long)pause.TotalMilliseconds, Cut(retry.Reason));
                break;
            default:
                var reason = Cut(ended.Verdict switch { OutboxVerdict.Refused refused => refused.Reason, OutboxVerdict.Retry last => $"Given up after {failed} attempts. {last.Reason}", _ => "" });
                commit.Park(row.Id, failed, clock.Now, reason);
                EventLog.Append(commit, ended.EntryId, clock, EventLog.Error, $"Entry [{row.Id}] of the queue [{_name}] was parked{(row.TenantId is { } tenant ? $", tenant [{tenant}]" : "")}. {reason}");
                break;
        }
    }

    private static string Cut(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason];

    /// <param name="EntryId">Of what the event log may have to say about it.</param>
    private sealed record Ended(OutboxRow Row, OutboxVerdict? Verdict, Guid EntryId);
}
