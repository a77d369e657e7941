using Orleans.Providers.Streams.Common;

namespace OrleansAuth.Hosting;

/// <summary>The agent's end of a queue. Its call may wait on another silo, which does not know that this one stops or gives the queue away.</summary>
/// <param name="stopping">The silo stops: it does not wait for what may never come.</param>
internal sealed class PushReceiver(IPushQueueGrain queue, CancellationToken stopping) : IQueueAdapterReceiver
{
    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private Guid _queue;
    private long _received;

    /// <summary>The position of an item in this agent's cache. Means nothing beyond it, since nobody can go back.</summary>
    private long _position;

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        if (over.IsCancellationRequested) return [];
        try
        {
            var most = maxCount > 0 ? Math.Min(maxCount, PushQueueGrain.MostItems) : PushQueueGrain.MostItems;
            // Not waited for once it is over: the answer may be as late as the queue pleases, and what it holds is given to the next agent.
            var taken = await queue.Take(new TakePushed(_queue, _received, most), over.Token).WaitAsync(over.Token);
            (_queue, _received) = (taken.Queue, taken.Last);
            return [.. taken.Items.Select(item => new PushDelivery(item, new EventSequenceTokenV2(++_position)))];
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            return [];
        }
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout) => _over.CancelAsync();
}
