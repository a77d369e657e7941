using System.Globalization;
using System.Text;

namespace OrleansAuth.Mail;

/// <summary>What a mail server answered (RFC 5321, section 4.2).</summary>
/// <param name="Code">Three digits: 2xx yes, 3xx go on, 4xx not now, 5xx never.</param>
/// <param name="Lines">The text of each line, without the code.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int LongestQuote = 160;

    /// <summary>The code and the server's words, for operators: printable characters only, addresses taken out.</summary>
    public string Quote()
    {
        var words = string.Join(' ', string.Join(' ', Lines).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Contains('@', StringComparison.Ordinal) ? "…" : word));
        var text = new StringBuilder(words.Length);
        foreach (var c in words.Length > LongestQuote ? words[..LongestQuote] : words)
            if (c is >= ' ' and < '\u007f' or '…') text.Append(c);
        return string.Create(CultureInfo.InvariantCulture, $"{Code} {text}").TrimEnd();
    }
}

/// <summary>A mail could not be handed over. The message is for operators and names no person.</summary>
internal sealed class SmtpException : Exception
{
    public SmtpException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>The server will not take this mail however often it is asked.</summary>
    public bool Final { get; init; }
}
