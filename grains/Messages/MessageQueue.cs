using System.Text.Json;
using Microsoft.Extensions.Hosting;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Mail;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Webhooks;

namespace OrleansAuth.Messages;

/// <summary>Hands messages to the messengers of the tenants; under development, catches those that have none.</summary>
internal sealed class MessageQueue(MessageOutbox messages, OutgoingHttp http, ConfigurationReader configuration, IGrainFactory grains, IStore store, EventLog log, IHostEnvironment environment, Clock clock) : IOutboxQueue
{
    /// <summary>Of messengers that have no limits of their own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => MessageOutbox.QueueName;

    /// <summary>Quick at first, since codes are short-lived; given up after some hours.</summary>
    public OutboxLimits Limits { get; } = new() { LongestDelivery = TimeSpan.FromSeconds(70), BackOff = new BackOff { First = TimeSpan.FromSeconds(5), MostAttempts = 14 } };

    public async Task<OutboxVerdict> Deliver(OutboxItem item, CancellationToken stop)
    {
        PhoneMessage message;
        try
        {
            message = messages.Open(item.Id, item.Body);
        }
        catch (JsonException)
        {
            return new OutboxVerdict.Refused("The stored message cannot be read.");
        }

        // A tenant that is gone has nobody left to write to.
        if (configuration.Current.Find<Tenant>(item.TenantId) is not { } tenant) return new OutboxVerdict.Done();
        if (message.Expires <= clock.Now) return new OutboxVerdict.Refused("The message could not be sent before what it holds was over.");
        if (configuration.Current.Find<Messenger>(message.MessengerId) is not { } messenger) return await WithoutMessenger(item, tenant, message);
        var verdict = await Send(item, messenger, message, stop);
        if (messenger.Debug) await Tell(item, messenger, verdict);
        return verdict;
    }

    private async Task<OutboxVerdict> Send(OutboxItem item, Messenger messenger, PhoneMessage message, CancellationToken stop)
    {
        using var request = MessengerRequests.Make(messenger, message, item.Id, out var missing);
        if (request is null) return new OutboxVerdict.Refused(missing);
        using var tooLong = CancellationTokenSource.CreateLinkedTokenSource(stop);
        tooLong.CancelAfter(messenger.Type == MessengerType.Generic ? TimeSpan.FromMilliseconds(messenger.ConnectTimeout + messenger.ReadTimeout) : Patience);
        try
        {
            return Judge(messenger, await http.Send(request, tooLong.Token));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new OutboxVerdict.Retry($"The messenger [{messenger.Name}] did not answer in time.");
        }
    }

    private static OutboxVerdict Judge(Messenger messenger, OutgoingAnswer answer)
    {
        var said = $"The messenger [{messenger.Name}] {(answer.Fault is { } fault ? $"could not be used: {fault}" : $"answered {answer.Status}.")}";
        return answer switch
        {
            { IsSuccess: true } => new OutboxVerdict.Done(),
            { Forbidden: true } => new OutboxVerdict.Refused(said),
            { Status: 0 or 408 or 425 or 429 or >= 500 } => new OutboxVerdict.Retry(said, answer.RetryAfter),
            { Status: >= 300 and < 400 } => new OutboxVerdict.Refused($"{said} Redirects are not followed; set the address that it leads to."),
            _ => new OutboxVerdict.Refused(said),
        };
    }

    private async Task<OutboxVerdict> WithoutMessenger(OutboxItem item, Tenant tenant, PhoneMessage message)
    {
        if (!environment.IsDevelopment()) return new OutboxVerdict.Refused($"The messenger with Id [{message.MessengerId}] that the tenant [{tenant.Name}] named is gone.");
        await grains.MailCatcher().Catch(new CaughtMail(item.Id, tenant.Id, message.PhoneNumber, "Text message", message.Text, "", item.Queued));
        return new OutboxVerdict.Done();
    }

    private async Task Tell(OutboxItem item, Messenger messenger, OutboxVerdict verdict)
    {
        var outcome = verdict switch { OutboxVerdict.Retry retry => retry.Reason, OutboxVerdict.Refused refused => refused.Reason, _ => $"The messenger [{messenger.Name}] took it." };
        var commit = new Commit();
        log.Append(commit, EventLog.Debug, $"Message [{item.Id}], attempt {item.Attempt}: {outcome}");
        await store.Apply(commit);
    }
}
