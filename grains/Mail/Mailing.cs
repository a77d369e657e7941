using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mail;

/// <summary>One template on its way to many recipients.</summary>
internal sealed class Mailing(EmailTemplate template, Tenant tenant, Application? application, SendMailing command)
{
    private readonly IReadOnlyCollection<string> _languages = EmailRendering.Languages(template);

    /// <summary>A mail, or why there is none, by the contract's names.</summary>
    public sealed record Addressed(Guid? UserId, string Address, MailMessage? Mail, JsonObject? Errors);

    public Addressed To(StoredUser user)
    {
        var address = user.User.Email ?? Notices.ContactAddress(user);
        if (address is null || MailAddressText.Read(address) is null)
            return new Addressed(user.Id, "", null, new JsonObject { ["renderErrors"] = new JsonObject { ["to"] = "The user has no e-mail address." } });
        return Write(user, address, null, command.Languages.IsEmpty ? NoticeValues.Languages(user, application) : command.Languages);
    }

    public Addressed To(MailRecipient recipient) => Write(null, recipient.Address, recipient.Display, command.Languages);

    /// <summary>The mail and its copies, each an entry of its own.</summary>
    public void Queue(Commit commit, MailOutbox mails, Guid? userId, MailMessage mail)
    {
        var common = Guid.CreateVersion7();
        foreach (var recipient in (string?[])[null, .. command.Cc, .. command.Bcc])
            mails.Add(commit, tenant.Id, userId ?? common, mail with { Recipient = recipient, MessageId = common, Cc = command.Cc.IsEmpty ? null : command.Cc });
    }

    private Addressed Write(StoredUser? user, string address, string? name, IEnumerable<string> languages)
    {
        var values = command.RequestData?.Read<JsonObject>() ?? [];
        if (command.RequestData is not null) values["requestData"] = command.RequestData.Read<JsonObject>();
        NoticeValues.Add(values, user, tenant, application);
        var written = EmailRendering.Of(template, TemplateTexts.Choose(languages, _languages), values);
        if (written.IsComplete)
            return new Addressed(user?.Id, address, new MailMessage(address, written.Subject!, written.Text!, written.Html) { ToName = name, FromName = written.FromName, FromEmail = template.FromEmail }, null);
        var errors = new JsonObject();
        if (!written.ParseErrors.IsEmpty) errors["parseErrors"] = ContractJson.ToNode(written.ParseErrors);
        if (!written.RenderErrors.IsEmpty) errors["renderErrors"] = ContractJson.ToNode(written.RenderErrors);
        return new Addressed(user?.Id, address, null, errors);
    }
}
