using System.Collections.Immutable;

namespace OrleansAuth.Mail;

/// <summary>
/// Keeps the newest mails of a server under development in memory, instead of sending them. Nothing reaches it anywhere else.
/// </summary>
[Alias("mail-catcher")]
public interface IMailCatcherGrain : IGrainWithStringKey
{
    /// <summary>Keeps a mail; the oldest of too many goes. The same mail again replaces itself.</summary>
    [Alias("catch")]
    Task Catch(CaughtMail mail);

    /// <summary>The mails, newest first.</summary>
    [Alias("newest")]
    Task<ImmutableArray<CaughtMail>> Newest();
}

/// <summary>A mail that was not sent.</summary>
/// <param name="Instant">Milliseconds since 1970.</param>
/// <param name="Text">The plain text; the HTML says the same.</param>
[GenerateSerializer, Immutable, Alias("mail.caught.v1")]
public sealed record CaughtMail(Guid Id, Guid TenantId, string To, string Subject, string Text, string Html, long Instant);

/// <summary>How the catcher is found.</summary>
public static class MailCatcherGrainKeys
{
    /// <summary>The only place that knows the key; one catcher serves all tenants.</summary>
    public static IMailCatcherGrain MailCatcher(this IGrainFactory grains) => grains.GetGrain<IMailCatcherGrain>("mails");
}
