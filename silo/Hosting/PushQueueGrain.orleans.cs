using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;

namespace OrleansAuth.Hosting;

/// <summary>
/// One queue of a push stream. What is published waits here until the agent of the queue has it; the agent's call waits here
/// until something comes, so nobody polls. The queue is memory: it goes with its silo. What must not be lost is in the outbox.
/// </summary>
[Alias("push-queue")]
internal interface IPushQueueGrain : IGrainWithStringKey
{
    /// <summary>
    /// Appends items, all of them or none. Waits for room while the queue is full, and throws a
    /// <see cref="TimeoutException"/> where none comes within <see cref="PushQueueGrain.LongestWaitForRoom"/>.
    /// </summary>
    [Alias("put"), AlwaysInterleave]
    Task Put(ImmutableArray<PushedItem> items);

    /// <summary>
    /// Gives what is in the queue, oldest first, and keeps it until the next call says that it arrived: an answer that was
    /// lost on its way comes again. While the queue is empty the call waits, at most
    /// <see cref="PushQueueGrain.LongestWaitForItems"/>, and then gives nothing. A newer call ends an older one that waits:
    /// after a change of the cluster another silo's agent takes over.
    /// </summary>
    [Alias("take"), AlwaysInterleave]
    Task<PushedItems> Take(TakePushed command, CancellationToken stop);
}

/// <param name="Queue">The life of the queue that gave the items received so far, empty before the first.</param>
/// <param name="Received">The number of the last item received from that life.</param>
/// <param name="Most">So many items at most.</param>
[GenerateSerializer, Immutable, Alias("push.take.v1")]
internal sealed record TakePushed([property: Id(0)] Guid Queue, [property: Id(1)] long Received, [property: Id(2)] int Most);

/// <param name="Queue">Which life of the queue numbered the items: it counts from one after its silo went.</param>
/// <param name="Last">The number of the last item here.</param>
[GenerateSerializer, Immutable, Alias("push.items.v1")]
internal sealed record PushedItems([property: Id(0)] Guid Queue, [property: Id(1)] long Last, [property: Id(2)] ImmutableArray<PushedItem> Items);

/// <param name="Body">Whatever is published; it travels by its own serializer.</param>
/// <param name="Context">The publisher's <see cref="RequestContext"/>, which the consumer gets.</param>
[GenerateSerializer, Immutable, Alias("push.item.v1")]
internal sealed record PushedItem([property: Id(0)] StreamId Stream, [property: Id(1)] object Body, [property: Id(2)] Dictionary<string, object>? Context);

/// <summary>
/// Calls come in beside each other but only one runs at a time; between two awaits the fields are a call's own. Placed
/// where it is first called, which is where its agent runs.
/// </summary>
[GrainType("push-queue"), Orleans.Placement.PreferLocalPlacement]
internal sealed class PushQueueGrain(IHostApplicationLifetime host) : Grain, IPushQueueGrain
{
    /// <summary>More items than this are not kept; publishers wait.</summary>
    public const int MostItems = 4096;

    public static readonly TimeSpan LongestWaitForRoom = TimeSpan.FromSeconds(2);

    /// <summary>Well within the time after which Orleans gives up on a call. Both run on the machine's clock.</summary>
    public static readonly TimeSpan LongestWaitForItems = TimeSpan.FromSeconds(20);

    private readonly Guid _life = Guid.NewGuid();
    private readonly Queue<PushedItem> _items = [];
    private long _last;
    private long _takes;
    private TaskCompletionSource _changed = NewChange();

    public async Task Put(ImmutableArray<PushedItem> items)
    {
        using var limit = Limit(LongestWaitForRoom, CancellationToken.None);
        // A batch that is larger than the queue goes into an empty one.
        while (_items.Count > 0 && _items.Count + items.Length > MostItems)
        {
            if (limit.IsCancellationRequested) throw new TimeoutException("The stream's queue is full and its consumers make no room.");
            await NextChange(limit.Token);
        }

        foreach (var item in items) _items.Enqueue(item);
        _last += items.Length;
        Change();
    }

    public async Task<PushedItems> Take(TakePushed command, CancellationToken stop)
    {
        var mine = ++_takes;
        if (command.Queue == _life) Forget(command.Received);
        Change();
        using var limit = Limit(LongestWaitForItems, stop);
        while (_items.Count == 0 && mine == _takes && !limit.IsCancellationRequested) await NextChange(limit.Token);
        var given = mine == _takes ? _items.Take(command.Most).ToImmutableArray() : [];
        return new PushedItems(_life, _last - _items.Count + given.Length, given);
    }

    private void Forget(long received)
    {
        while (_items.Count > 0 && _last - _items.Count < received) _items.Dequeue();
    }

    private void Change()
    {
        var before = _changed;
        _changed = NewChange();
        before.TrySetResult();
    }

    /// <summary>Ends with the next change or with the limit, which the caller asks about.</summary>
    private async Task NextChange(CancellationToken stop) =>
        await _changed.Task.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>A silo that stops does not wait for calls that wait.</summary>
    private CancellationTokenSource Limit(TimeSpan longest, CancellationToken stop)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, host.ApplicationStopping);
        limit.CancelAfter(longest);
        return limit;
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
