using System.Text.Json;
using Microsoft.Extensions.Hosting;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Outbox;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mail;

/// <summary>Sends mails by the settings that the tenant has at the time; under development, catches those that could not go anywhere.</summary>
internal sealed class MailQueue(MailOutbox mails, SmtpDelivery delivery, ConfigurationReader configuration, IGrainFactory grains, IStore store, EventLog log, IHostEnvironment environment, Clock clock) : IOutboxQueue
{
    public string Name => MailOutbox.QueueName;

    public OutboxLimits Limits { get; } = new();

    public async Task<OutboxVerdict> Deliver(OutboxItem item, CancellationToken stop)
    {
        MailMessage mail;
        try
        {
            mail = mails.Open(item.Id, item.Body);
        }
        catch (JsonException)
        {
            return new OutboxVerdict.Refused("The stored mail cannot be read.");
        }

        // A tenant that is gone has nobody left to write to.
        if (configuration.Current.Find<Tenant>(item.TenantId) is not { } tenant) return new OutboxVerdict.Done();
        if (mail.Expires <= clock.Now) return new OutboxVerdict.Refused("The mail could not be sent before what it links to was over.");
        if (!MailServer.IsSet(tenant.EmailConfiguration)) return await WithoutServer(item, tenant, mail);
        if (MailServer.Of(tenant.EmailConfiguration, mail.FromEmail, mail.FromName) is not { } server)
            return new OutboxVerdict.Refused($"Mails of the tenant [{tenant.Name}] have no sender. Set emailConfiguration.defaultFromEmail of the tenant.");
        if (!tenant.EmailConfiguration.Debug) return await Send(item, mail, server, null, stop);
        var trace = new List<string>();
        var verdict = await Send(item, mail, server, trace.Add, stop);
        await Tell(item, server, trace);
        return verdict;
    }

    private async Task<OutboxVerdict> Send(OutboxItem item, MailMessage mail, MailServer server, Action<string>? trace, CancellationToken stop)
    {
        if (MailAddressText.Read(mail.To) is not { } to || MailAddressText.Read(mail.Recipient ?? mail.To) is not { } recipient)
            return new OutboxVerdict.Refused("The recipient's address is not one that mail can be sent to.");
        try
        {
            var message = new MimeMessage
            {
                Id = mail.MessageId ?? item.Id,
                Date = DateTimeOffset.FromUnixTimeMilliseconds(item.Queued),
                From = server.From,
                FromName = server.FromName,
                To = to,
                ToName = mail.ToName,
                Cc = [.. (mail.Cc ?? []).Select(MailAddressText.Read).OfType<MailAddressText>()],
                Subject = mail.Subject,
                Text = mail.Text,
                Html = mail.Html,
                More = server.Headers,
            };
            await delivery.Send(server, recipient, message.Write(), stop, trace);
            return new OutboxVerdict.Done();
        }
        catch (MailFormatException error)
        {
            return new OutboxVerdict.Refused(error.Message);
        }
        catch (SmtpException error)
        {
            return error.Final ? new OutboxVerdict.Refused(error.Message) : new OutboxVerdict.Retry(error.Message);
        }
    }

    /// <summary>The conversation, for a tenant that wants to see it.</summary>
    private async Task Tell(OutboxItem item, MailServer server, IEnumerable<string> trace)
    {
        var commit = new Commit();
        log.Append(commit, EventLog.Debug, $"Mail [{item.Id}], attempt {item.Attempt}, by {server}:\n{string.Join('\n', trace)}");
        await store.Apply(commit);
    }

    private async Task<OutboxVerdict> WithoutServer(OutboxItem item, Tenant tenant, MailMessage mail)
    {
        if (!environment.IsDevelopment())
            return new OutboxVerdict.Refused($"The tenant [{tenant.Name}] has no mail server. Set host, port, security and defaultFromEmail in emailConfiguration of the tenant.");
        await grains.MailCatcher().Catch(new CaughtMail(item.Id, tenant.Id, mail.To, mail.Subject, mail.Text, mail.Html ?? "", item.Queued));
        return new OutboxVerdict.Done();
    }
}
