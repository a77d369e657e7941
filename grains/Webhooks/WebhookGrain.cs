using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Events;

namespace OrleansAuth.Webhooks;

/// <summary>
/// One receiver: sends what it is told to send, each event once at a time, remembers what was delivered lately and leaves a receiver
/// alone that does not work. All of it is memory that may be lost: what has to arrive is in the outbox.
/// </summary>
[GrainType("webhook")]
internal sealed partial class WebhookGrain(
    WebhookSender sender, OutgoingGate gate, ResendableEvents events, ConfigurationReader configuration, IStore store, EventLog eventLog, Clock clock, IHostApplicationLifetime host,
    ILogger<WebhookGrain> log)
    : Grain, IWebhookGrain
{
    /// <summary>Deliveries and refusals that are remembered, so that one that comes twice within moments is sent once.</summary>
    private const int Remembered = 512;

    private static readonly TimeSpan Beyond = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Guid, Task<DeliveryReport>> _underWay = [];
    private readonly RecentIds _delivered = new(Remembered);
    private readonly RecentReports _refusals = new(Remembered);
    private Circuit _circuit = Circuit.Closed;

    private Guid WebhookId => Guid.ParseExact(this.GetPrimaryKeyString(), "N");

    public async Task<DeliveryReport> Deliver(DeliverEvent command)
    {
        if (_underWay.TryGetValue(command.EventId, out var running)) return await running;
        if (!command.Again && _delivered.Contains(command.EventId)) return Report(command, DeliveryOutcome.Delivered, null);
        if (command.Asks && _refusals.Find(command.EventId) is { } answered) return answered;
        if (configuration.Current.Find<Webhook>(WebhookId) is not { } webhook) return Report(command, DeliveryOutcome.Refused, "The webhook is gone.");
        if (!webhook.IsAtWork) return Report(command, DeliveryOutcome.Held, "The webhook is paused or disabled.");
        if (_circuit.Wait(clock.UtcNow) is { } wait) return LeftAlone(command, wait);
        var sending = SendInTurn(webhook, command);
        _underWay[command.EventId] = sending;
        try
        {
            return await sending;
        }
        finally
        {
            _underWay.Remove(command.EventId);
        }
    }

    /// <summary>While it waited for its turn, the receiver may have been found not to work.</summary>
    private async Task<DeliveryReport> SendInTurn(Webhook webhook, DeliverEvent command)
    {
        using var pass = await gate.Enter(WebhookId, host.ApplicationStopping);
        if (_circuit.Wait(clock.UtcNow) is { } wait) return LeftAlone(command, wait);
        var report = await Send(webhook, command);
        pass.Answered = report.Attempt is { } attempt ? attempt.Status != 0 : null;
        return report;
    }

    private async Task<DeliveryReport> Send(Webhook webhook, DeliverEvent command)
    {
        var wasProbe = _circuit.IsOpen;
        _circuit = _circuit.Begun();
        DeliveryReport report;
        try
        {
            report = await sender.Send(webhook, command, host.ApplicationStopping);
        }
        catch
        {
            _circuit = _circuit.Abandoned();
            throw;
        }

        if (report.Outcome == DeliveryOutcome.Delivered) _delivered.Add(command.EventId);
        else if (command.Asks) _refusals.Add(report);
        var heldBefore = _circuit.IsOpen;
        _circuit = report.SpeaksAgainstReceiver ? _circuit.Failed(wasProbe, report.RetryAfter, clock.UtcNow, Random.Shared.NextDouble()) : Circuit.Closed;
        if (report.Outcome == DeliveryOutcome.Gone) await Disable(report);
        else if (_circuit.IsOpen && !heldBefore) await TellOfOutage(report);
        else if (heldBefore && !_circuit.IsOpen) await GrainFactory.Outbox(EventCommit.QueueOf(WebhookId)).Resume();
        if (_circuit.Wait(clock.UtcNow) is not { } pause) return report;
        DelayDeactivation(pause + Beyond);
        return report with { LeaveAlone = pause };
    }

    /// <summary>Whoever looks after the receiver hears of it; events wait meanwhile.</summary>
    private async Task Disable(DeliveryReport report)
    {
        var outcome = await GrainFactory.DisableWebhook(WebhookId, report.Reason!);
        if (outcome.Refusal is { } refusal) log.LogWarning("The webhook {Id} is gone, but could not be disabled: {Kind}", WebhookId, refusal.Kind);
        else await Tell($"The webhook [{WebhookId}] was disabled: the receiver answered 410. Its events wait until somebody resumes or removes it.");
    }

    private Task TellOfOutage(DeliveryReport report) =>
        Tell($"The receiver of the webhook [{WebhookId}] does not work and is tried again now and then; its events wait. {report.Reason}");

    private async Task Tell(string message)
    {
        try
        {
            var commit = new Commit();
            eventLog.Append(commit, OrderedId.New(clock.Now), EventLog.Error, message, aboutWebhooks: true);
            await store.Apply(commit);
        }
        catch (StoreUnavailableException reason)
        {
            log.LogWarning("{Message} (The event log could not be written: {Reason})", message, reason.Message);
        }
    }

    private DeliveryReport LeftAlone(DeliverEvent command, TimeSpan wait) =>
        Report(command, DeliveryOutcome.Held, "The receiver has been failing and is left alone for a while.") with { RetryAfter = wait };

    private DeliveryReport Report(DeliverEvent command, DeliveryOutcome outcome, string? reason) => new(command.EventId, WebhookId, outcome) { Reason = reason };
}
