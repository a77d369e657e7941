using System.Text.Json;
using Microsoft.Extensions.Hosting;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Messages;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;
using OrleansAuth.Users;

namespace OrleansAuth.Mail;

/// <summary>
/// Writes messages to users by the templates of their occasion and puts them into the commit of what they tell about: they go
/// out if that holds, and never otherwise. A template that fails, or that this server cannot read, is replaced by the built-in one of the
/// occasion, and the event log says so.
/// </summary>
internal sealed class Notices(MailOutbox mails, MessageOutbox messages, ConfigurationReader configuration, EventLog log, Clock clock, IHostEnvironment environment)
{
    /// <summary>A mail. False, and nothing is added, where there is no address or no template for the occasion.</summary>
    public bool Mail(Commit commit, Notice notice) => Write(commit, notice) is not null;

    /// <summary>The mail that was added, as it goes out; null where none was.</summary>
    public MailMessage? Write(Commit commit, Notice notice)
    {
        var to = notice.To ?? notice.User.User.Email ?? ContactAddress(notice.User);
        if (MailAddressText.Read(to) is null || NoticeTemplates.Mail(notice) is not { } wanted) return null;

        // What only tells about something is not kept for a mail server that nobody has set up.
        if (!NoticeTemplates.IsNeeded(notice.Occasion) && !MailServer.IsSet(notice.Tenant.EmailConfiguration) && !environment.IsDevelopment()) return null;
        var (snapshot, values) = (configuration.Current, NoticeValues.Of(notice));
        foreach (var id in (Guid[])[wanted, BuiltInMessages.MailOf(notice.Occasion.ToString())])
        {
            if (snapshot.Find<EmailTemplate>(id) is not { } template) continue;
            var locale = TemplateTexts.Choose(NoticeValues.Languages(notice.User, notice.Application), EmailRendering.Languages(template));
            NoticeValues.AddLifetime(values, notice.Expires, locale, clock.Now);
            var written = EmailRendering.Of(template, locale, values);
            if (!written.IsComplete)
            {
                Report(commit, template, $"e-mail template [{template.Name}]", [.. written.ParseErrors, .. written.RenderErrors]);
                continue;
            }

            var mail = new MailMessage(to!, written.Subject!, written.Text!, written.Html)
            {
                FromName = written.FromName,
                FromEmail = template.FromEmail,
                Expires = notice.Expires,
            };
            mails.Add(commit, notice.Tenant.Id, notice.User.Id, mail);
            return mail;
        }

        return null;
    }

    /// <summary>Whether messages can go to phones of the tenant's users.</summary>
    public bool CanText(Tenant tenant) => tenant.PhoneConfiguration.MessengerId is not null || environment.IsDevelopment();

    /// <summary>A text message to a phone. False, and nothing is added, where there is no number, no messenger or no template for the occasion.</summary>
    public bool Text(Commit commit, Notice notice)
    {
        var messenger = notice.Occasion == Occasion.TwoFactorCode ? notice.Tenant.MultiFactorConfiguration.Sms.MessengerId : notice.Tenant.PhoneConfiguration.MessengerId;
        if (PhoneMessage.Number(notice.To ?? notice.User.User.PhoneNumber) is not { } number || NoticeTemplates.Text(notice) is not { } wanted) return false;

        // Under development a message without a messenger is caught, as mails are.
        if (messenger is null && !environment.IsDevelopment()) return false;
        var (snapshot, values) = (configuration.Current, NoticeValues.Of(notice));
        foreach (var id in (Guid[])[wanted, BuiltInMessages.TextOf(notice.Occasion.ToString())])
        {
            if (snapshot.Find<MessageTemplate>(id) is not { } template) continue;
            var locale = TemplateTexts.Choose(NoticeValues.Languages(notice.User, notice.Application), [.. template.LocalizedTemplates.Keys]);
            NoticeValues.AddLifetime(values, notice.Expires, locale, clock.Now);
            var field = locale is null ? "defaultTemplate" : $"localizedTemplates.{locale}";
            var written = TemplateTexts.Render(template, locale is null ? template.DefaultTemplate ?? "" : template.LocalizedTemplates[locale], values, TemplateOutput.Text);
            if (written.Text is not { } text)
            {
                Report(commit, template, $"message template [{template.Name}]", [KeyValuePair.Create(field, written.ParseError ?? written.RenderError ?? "")]);
                continue;
            }

            messages.Add(commit, notice.Tenant.Id, new PhoneMessage(messenger, number, text) { UserId = notice.User.Id, Code = notice.Code, Locale = locale, Expires = notice.Expires });
            return true;
        }

        return false;
    }

    /// <summary>One entry for each state of a template, however many messages it would have been for.</summary>
    private void Report(Commit commit, ConfigurationObject template, string name, IEnumerable<KeyValuePair<string, string>> faults)
    {
        var id = WellKnown.Named($"template-fault/{template.Id}/{template.LastUpdateInstant}");
        log.Append(commit, id, EventLog.Error,
            $"The {name} with Id [{template.Id}] could not be used, so the built-in one was. {string.Join(" ", faults.Select(fault => $"{fault.Key}: {fault.Value}"))}");
    }

    /// <summary>Who signs in without an address may have one to be written to.</summary>
    public static string? ContactAddress(StoredUser user) =>
        user.User.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("email", out var email) && email.ValueKind == JsonValueKind.String
        && EmailRules.IsAddress(email.GetString()!) ? email.GetString() : null;
}
