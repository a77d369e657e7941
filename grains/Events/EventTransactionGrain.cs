using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Events;

/// <summary>
/// Asks the receivers of one event. It stores that the event is running, publishes to the stream of each webhook and counts what they
/// report; a webhook that a stream did not reach is asked directly. It lives for one decision.
/// </summary>
[GrainType("event-transaction")]
internal sealed class EventTransactionGrain(IStore store, SecretBox secrets, Clock clock, IFaultPoints faults, ILogger<EventTransactionGrain> log) : Grain, IEventTransactionGrain
{
    /// <summary>Streams live in memory and may lose an item with their process; whoever has not reported by then is asked directly.</summary>
    private static readonly TimeSpan StreamPatience = TimeSpan.FromMilliseconds(150);

    /// <summary>Open while somebody waits for reports.</summary>
    private Channel<DeliveryReport>? _reports;

    public Task<bool> Report(DeliveryReport report)
    {
        if (_reports is { } open) return Task.FromResult(open.Writer.TryWrite(report));
        // A report that came too late has brought this grain back to life, for nothing.
        DeactivateOnIdle();
        return Task.FromResult(false);
    }

    public async Task<EventDecision> Decide(EventProposal proposal)
    {
        try
        {
            faults.Reach(FaultPoint.Beginning, proposal.Id);
            if (await Begin(proposal) is { } decided) return decided;
            faults.Reach(FaultPoint.Begun, proposal.Id);
            var ballot = new Ballot(proposal.Transaction, proposal.Receivers);
            await Ask(proposal, ballot);
            return ballot.IsReached ? new EventDecision(true, ballot.Reports) : await Fail(proposal, ballot);
        }
        finally
        {
            DeactivateOnIdle();
        }
    }

    /// <returns>What was decided about this event before; null where it is open.</returns>
    private async Task<EventDecision?> Begin(EventProposal proposal)
    {
        var body = EventBody.AtRest(proposal.Type, proposal.Id, proposal.Body.ToString(), secrets);
        var told = new StoredEvent(
            proposal.Id, proposal.TenantId, proposal.Type, proposal.Subject, proposal.LinkedObjectId, proposal.Transaction, EventResult.Running, body);
        return await store.Apply(new Commit().BeginTransaction(told)) is CommitResult.Committed ? null : await Stored(proposal.Id);
    }

    private async Task<EventDecision?> Stored(Guid id) => await EventTransactions.Find(store, id) switch
    {
        EventResult.Running => null,
        EventResult.Succeeded => new EventDecision(true, []),
        _ => new EventDecision(false, []),
    };

    private async Task Ask(EventProposal proposal, Ballot ballot)
    {
        var reports = _reports = Channel.CreateUnbounded<DeliveryReport>();
        var told = new DeliverEvent(proposal.Id, proposal.Type, proposal.TenantId, proposal.Body, Attempt: 1) { Asks = true };
        using var over = new CancellationTokenSource(proposal.Patience, clock.Time);
        await Publish(proposal, told);
        var asking = AskMissing(told, ballot, reports.Writer, over.Token);
        try
        {
            while (ballot.Certain is null) Count(await reports.Reader.ReadAsync(over.Token));
        }
        catch (OperationCanceledException)
        {
            // Whoever has not answered by now has not agreed.
        }

        await over.CancelAsync();
        await asking;
        reports.Writer.Complete();
        while (reports.Reader.TryRead(out var late)) Count(late);

        void Count(DeliveryReport report)
        {
            ballot.Take(report);
            faults.Reach(FaultPoint.Reported, proposal.Id);
        }
    }

    private async Task Publish(EventProposal proposal, DeliverEvent told)
    {
        var streams = this.GetStreamProvider(WebhookStreams.Provider);
        foreach (var webhook in proposal.Receivers)
        {
            try
            {
                faults.Reach(FaultPoint.Publishing, proposal.Id);
                await streams.GetStream<DeliverEvent>(WebhookStreams.Of(webhook)).OnNextAsync(told);
            }
            catch (Exception error)
            {
                log.LogWarning(error, "Event {Id} could not be put on the stream of webhook {Webhook}, which is asked directly.", proposal.Id, webhook);
            }
        }

        faults.Reach(FaultPoint.Published, proposal.Id);
    }

    /// <summary>A webhook that is at work on the event already answers both with one delivery.</summary>
    private async Task AskMissing(DeliverEvent told, Ballot ballot, ChannelWriter<DeliveryReport> reports, CancellationToken over)
    {
        try
        {
            await Task.Delay(StreamPatience, clock.Time, over);
            await Task.WhenAll(ballot.Missing.Select(webhook => AskDirectly(webhook, told, reports))).WaitAsync(over);
        }
        catch (OperationCanceledException)
        {
            // Decided, or out of time.
        }
    }

    /// <summary>Goes on behind the decision where the receiver takes longer; never throws.</summary>
    private async Task AskDirectly(Guid webhook, DeliverEvent told, ChannelWriter<DeliveryReport> reports)
    {
        try
        {
            var report = await GrainFactory.Webhook(webhook).Deliver(told);
            if (!reports.TryWrite(report) && report.Attempt is { } attempt) await store.Apply(new Commit().PutAttempt(told.TenantId, attempt));
        }
        catch (Exception error)
        {
            log.LogWarning(error, "Webhook {Webhook} could not be asked about event {Id}.", webhook, told.EventId);
            reports.TryWrite(new DeliveryReport(told.EventId, webhook, DeliveryOutcome.Failed));
        }
    }

    private async Task<EventDecision> Fail(EventProposal proposal, Ballot ballot)
    {
        faults.Reach(FaultPoint.Failing, proposal.Id);
        var commit = new Commit().DecideTransaction(proposal.Id, proposal.TenantId, EventResult.Failed, clock.Now);
        foreach (var report in ballot.Reports)
            if (report.Attempt is { } attempt) commit.PutAttempt(proposal.TenantId, attempt);
        var stored = await store.Apply(commit) is CommitResult.Committed;
        if (stored) log.LogInformation("Event {Id} ({Type}) was not agreed to: {Agreed} of {Asked} receivers, {Transaction}.", proposal.Id, proposal.Type, ballot.Agreed, proposal.Receivers.Length, proposal.Transaction);
        faults.Reach(FaultPoint.Failed, proposal.Id);
        return stored ? new EventDecision(false, ballot.Reports) : await Stored(proposal.Id) ?? new EventDecision(false, []);
    }
}
