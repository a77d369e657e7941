using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Outbox;

/// <summary>
/// Wakes the queues: all of them when the process starts, one whenever a commit of this process has put something into it, and
/// one when the time comes that its grain asked for. Ringing costs the committer one write to a channel, outside of any grain
/// call; rings that come while the grain is being woken are one ring. A lost ring costs time only: each queue has a reminder.
/// </summary>
internal sealed class OutboxBell(IStore store, IGrainFactory grains, OutboxQueues queues, Clock clock, ILogger<OutboxBell> log) : IHostedService, IDisposable
{
    /// <summary>A timer reaches this far; who asks for later is woken too early, which does no harm.</summary>
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Rope> _ropes = new(queues.Names.Select(name => KeyValuePair.Create(name, new Rope())));
    private readonly CancellationTokenSource _stop = new();
    private Task _ringing = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        using (ExecutionContext.SuppressFlow())
        {
            foreach (var (name, rope) in _ropes)
                rope.Clock = clock.Time.CreateTimer(_ => Ring(name), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _ringing = Task.WhenAll(_ropes.Select(rope => Task.Run(() => Wake(rope.Key, rope.Value), CancellationToken.None)));
        }

        store.Queued += Ring;
        foreach (var name in _ropes.Keys) Ring(name);
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
        if (_ropes.TryGetValue(queue, out var rope)) rope.Pulls.Writer.TryWrite(true);
    }

    /// <summary>Rings at an instant (milliseconds since 1970) in place of the one asked for before.</summary>
    public void RingAt(string queue, long instant)
    {
        if (!_ropes.TryGetValue(queue, out var rope)) return;
        // The instant may have come while the caller was getting here.
        var wait = instant - clock.Now;
        if (wait <= 0) Ring(queue);
        else rope.Clock?.Change(TimeSpan.FromMilliseconds(Math.Min(wait + 1, (long)Farthest.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        foreach (var rope in _ropes.Values) rope.Clock?.Dispose();
        _stop.Dispose();
    }

    private async Task Wake(string queue, Rope rope)
    {
        try
        {
            await foreach (var _ in rope.Pulls.Reader.ReadAllAsync(_stop.Token)) await WakeOnce(queue);
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    private async Task WakeOnce(string queue)
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

    private sealed class Rope
    {
        public Channel<bool> Pulls { get; } = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public ITimer? Clock { get; set; }
    }
}
