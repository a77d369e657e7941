using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Mail;

/// <summary>Mails that somebody asks for, apart from anything that happened to a user. One for each tenant, as many copies as it takes.</summary>
[Alias("mailing")]
public interface IMailingGrain : IGrainWithStringKey
{
    /// <summary>
    /// Writes a mail by a template for each recipient and hands them to the tenant's mail queue. Invalid where a user is not one of the
    /// tenant's or an address is none; not found where there is no such template.
    /// </summary>
    /// <returns>The contract's <c>results</c> and <c>anonymousResults</c>: recipients whose mail could not be written, with the errors.</returns>
    [Alias("send")]
    Task<Outcome<JsonText>> Send(SendMailing command);

    /// <summary>Sends a mail at once, to see whether the tenant's mail server takes mails. What goes wrong is told to the event log too.</summary>
    [Alias("test")]
    Task<Outcome<TestMailSent>> Test(SendTestMail command);
}

/// <summary>One template to many.</summary>
/// <param name="Languages">In place of the recipients' own languages, if any.</param>
/// <param name="RequestData">A JSON object: more variables of the template, by themselves and as <c>requestData</c>.</param>
[GenerateSerializer, Immutable, Alias("mail.send.v1")]
public sealed record SendMailing(
    Guid TemplateId, Guid? ApplicationId, ImmutableArray<Guid> UserIds, ImmutableArray<MailRecipient> To, ImmutableArray<string> Cc, ImmutableArray<string> Bcc,
    ImmutableArray<string> Languages, JsonText? RequestData)
{
    /// <summary>Users and addresses of one request.</summary>
    public const int MostRecipients = 1_000;

    /// <summary>Addresses that get a copy of each mail, open and hidden together.</summary>
    public const int MostCopies = 20;
}

/// <summary>An address with the name of who is behind it.</summary>
[GenerateSerializer, Immutable, Alias("mail.recipient.v1")]
public sealed record MailRecipient(string Address, string? Display);

/// <param name="To">The address to send to.</param>
[GenerateSerializer, Immutable, Alias("mail.test.v1")]
public sealed record SendTestMail(string To, Actor Actor);

/// <summary>A test mail was taken.</summary>
/// <param name="Server">Host and port.</param>
/// <param name="Answer">The server's last words.</param>
[GenerateSerializer, Immutable, Alias("mail.test-sent.v1")]
public sealed record TestMailSent(string Server, string Answer);

/// <summary>How mailing grains are found.</summary>
public static class MailingGrainKeys
{
    /// <summary>The only place that knows how the key is written.</summary>
    public static IMailingGrain Mailing(this IGrainFactory grains, Guid tenantId) => grains.GetGrain<IMailingGrain>(tenantId.ToString("N"));

    /// <summary>Reads a key back; for the grain itself.</summary>
    public static Guid ReadKey(string key) => Guid.ParseExact(key, "N");
}
