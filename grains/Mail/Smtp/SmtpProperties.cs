using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using OrleansAuth.Common;
using OrleansAuth.Themes;
using OrleansAuth.Users;

namespace OrleansAuth.Mail;

/// <summary>
/// What a tenant sets about its mail server beyond the usual, by the names of Jakarta Mail, one <c>name=value</c> a line. Those that
/// mean something here are read, and all others are kept and mean nothing.
/// </summary>
internal sealed record SmtpProperties
{
    private const int LongestText = 16 * 1024;
    private const int LongestSeconds = 120;

    /// <summary>Sign-ins in the order of preference.</summary>
    private static readonly string[] KnownMechanisms = ["PLAIN", "LOGIN"];

    public static readonly SmtpProperties None = new();

    /// <summary><c>connectiontimeout</c>, in milliseconds; null for the server's own limit.</summary>
    public TimeSpan? ConnectLimit { get; private init; }

    /// <summary><c>timeout</c>, in milliseconds: how long an answer may take.</summary>
    public TimeSpan? ReplyLimit { get; private init; }

    /// <summary><c>localhost</c>: how this server calls itself when it says hello.</summary>
    public string? HelloName { get; private init; }

    /// <summary><c>from</c>: where mails go back to that cannot be delivered, in place of who they are from.</summary>
    public MailAddressText? ReturnTo { get; private init; }

    /// <summary><c>auth.mechanisms</c>: which sign-ins may be used, most wanted first.</summary>
    public ImmutableArray<string> Mechanisms { get; private init; } = [.. KnownMechanisms];

    /// <summary>Of settings that <see cref="Check"/> has nothing against.</summary>
    public static SmtpProperties Read(string? text) => string.IsNullOrWhiteSpace(text) ? None : Read(Values(text), null);

    public static void Check(string? text, Errors errors)
    {
        const string Field = "emailConfiguration.properties";
        errors.NotLonger(text, Field, LongestText);
        if (text is null || text.Length > LongestText) return;
        MessageProperties.Read(text, out var faulty);
        if (faulty > 0) errors.Add(Field, "invalid", $"Line {faulty} of the [properties] is not of the form name=value.");
        else Read(Values(text), wrong => errors.Add(Field, "invalid", wrong));
    }

    /// <summary>By the part of the name that <c>mail.smtp.</c> and <c>mail.smtps.</c> have in common.</summary>
    private static FrozenDictionary<string, string> Values(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in MessageProperties.Read(text, out _))
            foreach (var prefix in (string[])["mail.smtp.", "mail.smtps."])
                if (name.StartsWith(prefix, StringComparison.Ordinal)) values[name[prefix.Length..]] = value.Trim();
        return values.ToFrozenDictionary();
    }

    private static SmtpProperties Read(FrozenDictionary<string, string> values, Action<string>? wrong)
    {
        return new SmtpProperties
        {
            ConnectLimit = Span("connectiontimeout"),
            ReplyLimit = Span("timeout"),
            HelloName = Known("localhost", name => name.Length <= 253 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']'), "a host name"),
            ReturnTo = Known("from", EmailRules.IsAddress, "an e-mail address") is { } from ? MailAddressText.Read(from) : null,
            Mechanisms = Known("auth.mechanisms", text => Mechanism(text).Any(), "PLAIN, LOGIN or both") is { } wanted ? [.. Mechanism(wanted)] : [.. KnownMechanisms],
        };

        string? Known(string name, Predicate<string> isValid, string what)
        {
            if (values.GetValueOrDefault(name) is not { Length: > 0 } value) return null;
            if (isValid(value)) return value;
            wrong?.Invoke($"The property [{name}] must be {what}.");
            return null;
        }

        TimeSpan? Span(string name) => Known(
            name, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms is > 0 and <= LongestSeconds * 1000, $"milliseconds from 1 to {LongestSeconds * 1000}") is { } valid
            ? TimeSpan.FromMilliseconds(int.Parse(valid, CultureInfo.InvariantCulture))
            : null;
    }

    private static IEnumerable<string> Mechanism(string text) => text.ToUpperInvariant().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Intersect(KnownMechanisms);
}
