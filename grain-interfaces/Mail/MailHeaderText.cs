namespace OrleansAuth.Mail;

/// <summary>What may stand in a mail header. Asked where a text comes in, and again by the writer of mails.</summary>
public static class MailHeaderText
{
    /// <summary>RFC 5322, section 2.1.1: the longest line.</summary>
    public const int LongestLine = 998;

    /// <summary>Headers that the server writes itself, or that would add recipients.</summary>
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "Sender", "To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted",
        "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Return-Path", "Received", "DKIM-Signature",
    };

    /// <summary>No line end and no other control character: nothing that could end the header or begin another.</summary>
    public static bool IsClean(string text) => text.All(IsClean);

    /// <summary>The same of one character.</summary>
    public static bool IsClean(char c) => !char.IsControl(c) && c is not ('\u2028' or '\u2029');

    /// <summary>A header that an operator may add: a name of RFC 5322 (section 2.2) that the server does not write itself.</summary>
    public static bool MayBeAdded(string name) =>
        name.Length is > 0 and <= 76 && name.All(c => c is > ' ' and < '\u007f' and not ':') && !Own.Contains(name);
}
