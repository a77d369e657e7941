using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Outbox;

/// <summary>
/// Wakes the queues: all of them when the process starts, one whenever a commit of this process has put something into it, and
/// one when the time comes that its grain asked for. Ringing costs the committer one write to a channel, outside of any grain
/// call; rings of a queue that has not been woken yet are one ring. Under it is a net: now and then every queue is woken that has
/// something to deliver, so what another process left behind, or a ring that was lost, costs time only. A queue that nobody rings costs nothing.
/// </summary>
internal sealed class OutboxBell(IStore store, OutboxReader outbox, IGrainFactory grains, OutboxQueues queues, Clock clock, ILogger<OutboxBell> log) : IHostedService, IDisposable
{
    /// <summary>Queues that are woken at once.</summary>
    private const int Ringers = 8;
    private const int MostRemovedAtOnce = 500;

    private static readonly TimeSpan NetPeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ParkedFor = TimeSpan.FromDays(30);

    private readonly Channel<string> _pulls = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, bool> _pulled = new();

    /// <summary>Queues that want to hear nothing before an instant (milliseconds since 1970).</summary>
    private readonly ConcurrentDictionary<string, long> _resting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly OutboxAlarms _alarms = new(clock);
    private Task _ringing = Task.CompletedTask;
    private ITimer? _net;
    private int _casting;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        using (ExecutionContext.SuppressFlow())
        {
            _alarms.Start(Ring);
            _net = clock.Time.CreateTimer(_ => CastNet(), null, NetPeriod, NetPeriod);
            _ringing = Task.WhenAll(Enumerable.Range(0, Ringers).Select(_ => Task.Run(RingOn, CancellationToken.None)));
        }

        store.Queued += Ring;
        foreach (var name in queues.Names) Ring(name);
        CastNet();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        store.Queued -= Ring;
        await _stop.CancelAsync();
        await _ringing;
    }

    /// <summary>There may be something in the queue. Returns at once; a queue that this version does not know is passed over.</summary>
    public void Ring(string queue)
    {
        if (Rests(queue)) return;
        if (queues.Find(queue) is not null && _pulled.TryAdd(queue, true)) _pulls.Writer.TryWrite(queue);
    }

    /// <summary>Rings at an instant (milliseconds since 1970) in place of the one asked for before; where the queue rests longer, at the end of that.</summary>
    public void RingAt(string queue, long instant)
    {
        if (_resting.TryGetValue(queue, out var until) && until > instant) instant = until;
        // The instant may have come while the caller was getting here.
        if (instant <= clock.Now) Ring(queue);
        else _alarms.Set(queue, instant);
    }

    /// <summary>
    /// Rings at an instant (milliseconds since 1970) and not before, whoever asks: of a queue that rests, nobody's commit wakes anything.
    /// An instant that has passed ends the rest.
    /// </summary>
    public void RestUntil(string queue, long instant)
    {
        if (instant > clock.Now) _resting[queue] = instant;
        else _resting.TryRemove(queue, out _);
        RingAt(queue, instant);
    }

    /// <summary>Whether the bell of a queue is still, whoever rings.</summary>
    public bool Rests(string queue)
    {
        if (!_resting.TryGetValue(queue, out var until)) return false;
        if (until > clock.Now) return true;
        _resting.TryRemove(KeyValuePair.Create(queue, until));
        return false;
    }

    public void Dispose()
    {
        _net?.Dispose();
        _alarms.Dispose();
        _stop.Dispose();
    }

    private async Task RingOn()
    {
        try
        {
            await foreach (var queue in _pulls.Reader.ReadAllAsync(_stop.Token))
            {
                // Before it is woken: what comes from now on may not be seen any more.
                _pulled.TryRemove(queue, out _);
                await Wake(queue);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task Wake(string queue)
    {
        try
        {
            await grains.Outbox(queue).Wake();
        }
        catch (Exception reason) when (!_stop.IsCancellationRequested)
        {
            log.LogWarning("The queue {Queue} could not be woken ({Reason}); trying again.", queue, reason.Message);
            RingAt(queue, clock.Now + (long)AfterFailure.TotalMilliseconds);
        }
        catch (Exception)
        {
            // The process stops, and the next one begins by waking every queue.
        }
    }

    private async void CastNet()
    {
        if (Interlocked.Exchange(ref _casting, 1) != 0) return;
        try
        {
            foreach (var queue in await outbox.Waiting(clock.Now, _stop.Token).ConfigureAwait(false)) Ring(queue);
            await RemoveOld().ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
        }
        catch (Exception reason)
        {
            log.LogWarning("It could not be seen which queues have something to deliver ({Reason}); the next round tries again.", reason.Message);
        }
        finally
        {
            Volatile.Write(ref _casting, 0);
        }
    }

    /// <summary>What was given up long ago leaves for good.</summary>
    private async Task RemoveOld()
    {
        var old = await outbox.ParkedBefore(clock.Now - (long)ParkedFor.TotalMilliseconds, MostRemovedAtOnce, _stop.Token).ConfigureAwait(false);
        if (old.Count == 0) return;
        var commit = new Commit();
        foreach (var id in old) commit.Delivered(id);
        await store.Apply(commit, _stop.Token).ConfigureAwait(false);
    }
}
