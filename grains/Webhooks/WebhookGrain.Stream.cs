using Microsoft.Extensions.Logging;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Webhooks;

/// <summary>Events that wait for the receiver's answer come by a stream, and the answer goes to whoever decides about the event.</summary>
[ImplicitStreamSubscription(WebhookStreams.Namespace)]
internal sealed partial class WebhookGrain : IAsyncObserver<DeliverEvent>
{
    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        this.GetStreamProvider(WebhookStreams.Provider).GetStream<DeliverEvent>(WebhookStreams.Of(WebhookId)).SubscribeAsync(this);

    /// <summary>
    /// Only begins: whoever publishes waits for this on a cluster, and the request takes as long as the receiver wants. An item that comes
    /// twice is delivered once, as every event is.
    /// </summary>
    public Task OnNextAsync(DeliverEvent item, StreamSequenceToken? token = null)
    {
        _ = Answer(item);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    /// <summary>Delivers and reports; never throws. Where nobody waits for the report any more, the attempt is noted here.</summary>
    private async Task Answer(DeliverEvent told)
    {
        try
        {
            var report = await Deliver(told);
            if (await GrainFactory.EventTransaction(told.TenantId!.Value, told.EventId).Report(report)) return;
            if (report.Attempt is { } attempt) await store.Apply(new Commit().PutAttempt(told.TenantId, attempt));
        }
        catch (Exception error)
        {
            log.LogWarning(error, "What webhook {Webhook} said of event {Id} could not be reported.", WebhookId, told.EventId);
        }
    }
}
