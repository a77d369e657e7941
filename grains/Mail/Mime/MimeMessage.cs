using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Mail;

/// <summary>A mail as it goes over the wire (RFC 5322, RFC 2046): headers, plain text, and the same as HTML.</summary>
internal sealed record MimeMessage
{
    /// <summary>The same in every attempt, so that receivers recognise a repeated mail.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset Date { get; init; }

    public required MailAddressText From { get; init; }

    public string? FromName { get; init; }

    public required MailAddressText To { get; init; }

    public string? ToName { get; init; }

    /// <summary>Who else got it, as far as everybody may know.</summary>
    public ImmutableArray<MailAddressText> Cc { get; init; } = [];

    public required string Subject { get; init; }

    public required string Text { get; init; }

    public string? Html { get; init; }

    /// <summary>Headers of the tenant's own.</summary>
    public ImmutableArray<(string Name, string Value)> More { get; init; } = [];

    /// <summary>The whole mail; lines end with CRLF.</summary>
    /// <exception cref="MailFormatException">Something would break out of its header.</exception>
    public byte[] Write()
    {
        var mail = new StringBuilder();
        Header(mail, "Date", Date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(mail, "From", Mailbox(FromName, From));
        Header(mail, "To", Mailbox(ToName, To));
        if (!Cc.IsEmpty) Header(mail, "Cc", string.Join(",\r\n ", Cc.Select(address => $"<{address.Text}>")));
        Header(mail, "Subject", MimeText.HeaderText(Clean("Subject", Subject)));
        Header(mail, "Message-ID", $"<{Id:N}@{From.Domain}>");
        // RFC 3834: no automatic answers to this.
        Header(mail, "Auto-Submitted", "auto-generated");
        foreach (var (name, value) in More)
        {
            if (!MailHeaderText.MayBeAdded(name)) throw new MailFormatException("A header of the tenant may not be added to mails.");
            Header(mail, name, MimeText.HeaderText(Clean(name, value)));
        }

        Header(mail, "MIME-Version", "1.0");
        Body(mail);
        return Encoding.UTF8.GetBytes(mail.ToString());
    }

    private void Body(StringBuilder mail)
    {
        if (Html is null)
        {
            Part(mail, "text/plain", Text);
            return;
        }

        // Random, so that no text can hold it.
        var boundary = $"part-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        Header(mail, "Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        mail.Append("\r\n--").Append(boundary).Append("\r\n");
        Part(mail, "text/plain", Text);
        mail.Append("--").Append(boundary).Append("\r\n");
        Part(mail, "text/html", Html);
        mail.Append("--").Append(boundary).Append("--\r\n");
    }

    private static void Part(StringBuilder mail, string type, string text)
    {
        var (encoding, body) = MimeText.Body(text);
        Header(mail, "Content-Type", $"{type}; charset=utf-8");
        Header(mail, "Content-Transfer-Encoding", encoding);
        mail.Append("\r\n").Append(body);
    }

    private static string Mailbox(string? name, MailAddressText address) =>
        string.IsNullOrWhiteSpace(name) ? $"<{address.Text}>" : $"{MimeText.Phrase(Clean("name", name))}\r\n <{address.Text}>";

    private static void Header(StringBuilder mail, string name, string value) => mail.Append(name).Append(": ").Append(value).Append("\r\n");

    /// <summary>The last line of defence: what came in should have been refused there.</summary>
    private static string Clean(string name, string value) =>
        MailHeaderText.IsClean(value) && value.Length <= MailHeaderText.LongestLine ? value : throw new MailFormatException($"The {name} of a mail has control characters or is too long.");
}

/// <summary>A mail that must not be sent as it is. The message repeats nothing of it.</summary>
internal sealed class MailFormatException(string message) : Exception(message);
