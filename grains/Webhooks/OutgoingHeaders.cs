using System.Collections.Immutable;
using OrleansAuth.Common;

namespace OrleansAuth.Webhooks;

/// <summary>Headers that somebody adds to what this server sends to him.</summary>
internal static class OutgoingHeaders
{
    private const int Most = 50;
    private const int LongestName = 76;
    private const int LongestValue = 4_000;

    /// <summary>Those of the connection, and those that the server writes itself: whoever could set them could contradict it.</summary>
    private static readonly string[] Own =
    [
        "Host", "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Expect", "TE", "Trailer", "Authorization", "X-FusionAuth-Signature-JWT", "webhook-id",
        "webhook-timestamp", "webhook-signature",
    ];

    private static readonly string[] SecretWords = ["key", "token", "secret", "password", "passphrase", "auth", "cookie", "credential", "signature", "session"];

    /// <summary>Whether a header's value is one that nobody is shown again, by its name.</summary>
    public static bool IsSecret(string name) => SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds an error to the member <c>headers</c> for what HTTP would not carry, or the server does not leave to others.</summary>
    /// <param name="what">Whose headers they are, such as <c>webhook</c>.</param>
    public static void Check(ImmutableDictionary<string, string> headers, string what, Errors errors)
    {
        if (headers.Count > Most) errors.Add("headers", "tooMany", $"A {what} may have at most {Most} headers.");
        if (headers.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() < headers.Count)
            errors.Add("headers", "duplicate", "The names of headers differ by more than upper and lower case.");
        if (headers.Take(Most).Any(header => !IsName(header.Key) || !IsValue(header.Value)))
            errors.Add("headers", "invalid", "A header has a name of letters, digits and hyphens that is none of the connection's, the body's or the signature's own, and a value of printable ASCII characters. Name and password have members of their own.");
    }

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && !Own.Contains(name, StringComparer.OrdinalIgnoreCase) && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase);

    private static bool IsValue(string value) => value.Length <= LongestValue && value.All(c => c is >= ' ' and <= '~');
}
