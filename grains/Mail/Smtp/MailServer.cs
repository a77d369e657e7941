using System.Collections.Immutable;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Mail;

/// <summary>The mail server of a tenant, and who its mails are from.</summary>
internal sealed record MailServer
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public EmailSecurityType Security { get; init; }

    /// <summary>Null signs in to nothing.</summary>
    public string? Username { get; init; }

    public string? Password { get; init; }

    public required MailAddressText From { get; init; }

    public string? FromName { get; init; }

    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    public SmtpProperties Properties { get; init; } = SmtpProperties.None;

    /// <summary>Where mails go back to that cannot be delivered: the sender of the envelope.</summary>
    public MailAddressText ReturnTo => Properties.ReturnTo ?? From;

    /// <summary>
    /// Whether somebody has set the tenant's mail up. A new tenant has the contract's defaults, a server on this machine and
    /// nobody to be from, which says that nobody has.
    /// </summary>
    public static bool IsSet(EmailConfiguration settings) => !string.IsNullOrWhiteSpace(settings.Host)
        && (settings is not { Host: "localhost", Port: 25, Username: null, DefaultFromEmail: null });

    /// <summary>The server by the tenant's settings; null where there is no address that mails could be from.</summary>
    /// <param name="fromEmail">Who the mail is from, where it says so itself; else the tenant does.</param>
    public static MailServer? Of(EmailConfiguration settings, string? fromEmail = null, string? fromName = null)
    {
        var from = fromEmail ?? settings.DefaultFromEmail ?? (settings.Username is { } name && EmailRules.IsAddress(name) ? name : null);
        if (MailAddressText.Read(from) is not { } sender) return null;
        return new MailServer
        {
            Host = settings.Host!.Trim(),
            Port = settings.Port,
            Security = settings.Security,
            Username = string.IsNullOrEmpty(settings.Username) ? null : settings.Username,
            Password = settings.Password,
            From = sender,
            FromName = string.IsNullOrEmpty(fromName) ? settings.DefaultFromName : fromName,
            Properties = SmtpProperties.Read(settings.Properties),
            Headers = [.. settings.AdditionalHeaders.Where(header => header.Name is not null).Select(header => (header.Name!, header.Value ?? ""))],
        };
    }

    /// <summary>For operators; no account, no password.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
