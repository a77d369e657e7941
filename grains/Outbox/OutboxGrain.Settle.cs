using Microsoft.Extensions.Logging;
using OrleansAuth.Audit;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

/// <summary>What follows from the end of deliveries.</summary>
internal sealed partial class OutboxGrain
{
    private const int LongestReason = 500;

    /// <summary>Deliveries that end together are settled together, so many at most.</summary>
    private const int MostSettledAtOnce = 256;

    /// <summary>So many are settled without waiting for others.</summary>
    private const int EnoughToSettle = 128;

    /// <summary>While there is more to deliver, those that have ended wait so long for others: a commit costs little more for many than for one.</summary>
    private static readonly TimeSpan SettlePatience = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestSettlePause = TimeSpan.FromSeconds(30);

    /// <summary>Beyond a rest, so that what is known of it is not forgotten before.</summary>
    private static readonly TimeSpan BeyondRest = TimeSpan.FromMinutes(1);

    /// <summary>Ended, and not stored yet.</summary>
    private readonly Queue<Ended> _unsettled = [];
    private volatile bool _isSettling;
    private volatile bool _isWaiting;
    private bool _hasWaited;

    /// <summary>Takes what has ended: places are free at once, the entries when their end is stored.</summary>
    private void TakeWhatEnded()
    {
        while (_ended.TryDequeue(out var one))
        {
            if (one.IsLast) _running--;
            if (one.Verdict is null)
            {
                _hand.LetGo(one.Id, one.Subject);
                continue;
            }

            _unsettled.Enqueue(one);
            Rest(one.Verdict.Rest);
            _pace = one.Verdict is OutboxVerdict.Done ? Math.Min(_pace * 2, _queue!.Limits.Parallel) : Math.Max(_pace / 2, 1);
        }
    }

    /// <summary>Begins to store what has ended, unless there is a backlog of which more is about to end.</summary>
    private void SettleWhatEnded()
    {
        if (_isSettling || _unsettled.Count == 0) return;
        if (_hand.Ready > 0 && _unsettled.Count < EnoughToSettle && !_hasWaited)
        {
            if (!_isWaiting) _ = WaitForMore();
            return;
        }

        _hasWaited = false;
        var batch = new List<Ended>(Math.Min(_unsettled.Count, MostSettledAtOnce));
        while (batch.Count < MostSettledAtOnce && _unsettled.TryDequeue(out var one)) batch.Add(one);
        _isSettling = true;
        _ = Settle(batch);
    }

    /// <summary>A pause of the machine and not of the calendar, so it is none of the clock's.</summary>
    private async Task WaitForMore()
    {
        _isWaiting = true;
        await Task.Delay(SettlePatience);
        (_isWaiting, _hasWaited) = (false, true);
        _rings.Writer.TryWrite(true);
    }

    private void Rest(TimeSpan? rest)
    {
        _isCareful = rest is not null;
        if (rest is not { } wanted) return;
        LayDown();
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

        foreach (var one in batch)
        {
            if (one.Verdict is OutboxVerdict.Done && !open.Contains(one))
            {
                _mayHoldMore |= _hand.Leave(one.Id, one.Subject);
                continue;
            }

            _hand.LetGo(one.Id, one.Subject);
            _mayHoldMore = true;
        }

        _isSettling = false;
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

            // A store in this process writes on the caller's thread, and the turn is wanted for reading and for beginning meanwhile.
            await (ended.Count > 1 ? Task.Run(() => store.Apply(commit)) : store.Apply(commit));
            return true;
        }
        catch (Exception reason)
        {
            log.LogWarning("What became of {Count} entries of the queue {Queue}, {Id} the first, could not be stored: {Reason}", ended.Count, _name, ended[0].Id, reason.Message);
            return false;
        }
    }

    private void Conclude(Commit commit, Ended ended)
    {
        var failed = ended.Attempts;
        switch (ended.Verdict)
        {
            case OutboxVerdict.Done:
                commit.Delivered(ended.Id);
                break;
            case OutboxVerdict.Untouched:
                break;
            case OutboxVerdict.Later later:
                commit.PutOff(ended.Id, later.Due);
                break;
            case OutboxVerdict.Retry retry when _queue!.Limits.BackOff.Pause(failed, retry.After, Random.Shared.NextDouble()) is { } pause:
                commit.Postpone(ended.Id, failed, clock.Now + (long)pause.TotalMilliseconds, Cut(retry.Reason));
                break;
            default:
                var reason = Cut(ended.Verdict switch { OutboxVerdict.Refused refused => refused.Reason, OutboxVerdict.Retry last => $"Given up after {failed} attempts. {last.Reason}", _ => "" });
                commit.Park(ended.Id, failed, clock.Now, reason);
                eventLog.Append(commit, ended.EntryId, EventLog.Error,
                    $"Entry [{ended.Id}] of the queue [{_name}] was parked{(ended.TenantId is { } tenant ? $", tenant [{tenant}]" : "")}. {reason}",
                    aboutWebhooks: _name.StartsWith(EventCommit.QueuePrefix, StringComparison.Ordinal));
                break;
        }
    }

    private static string Cut(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason];
}
