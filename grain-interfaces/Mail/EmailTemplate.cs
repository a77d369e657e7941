using System.Collections.Immutable;
using OrleansAuth.Configuration;

namespace OrleansAuth.Mail;

/// <summary>
/// What mails say, and in whose name: Handlebars, in one language that always serves and in any number of others. Who is written to is
/// decided elsewhere.
/// </summary>
public sealed record EmailTemplate : ConfigurationObject, INamed
{
    /// <summary>The name that mails are from; null takes the tenant's. A template.</summary>
    public string? DefaultFromName { get; init; }

    /// <summary>Values are escaped in it.</summary>
    public string? DefaultHtmlTemplate { get; init; }

    /// <summary>A template of one line.</summary>
    public string? DefaultSubject { get; init; }

    /// <summary>The same as the HTML for who reads mails as plain text; values are not escaped.</summary>
    public string? DefaultTextTemplate { get; init; }

    /// <summary>The address that mails are from; null takes the tenant's.</summary>
    public string? FromEmail { get; init; }

    /// <summary>By locale, such as <c>de</c> or <c>fr_CA</c>; so are the others.</summary>
    public ImmutableDictionary<string, string> LocalizedFromNames { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableDictionary<string, string> LocalizedHtmlTemplates { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableDictionary<string, string> LocalizedSubjects { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableDictionary<string, string> LocalizedTextTemplates { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Unique; 1 to 191 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>The texts with the names of their members, such as <c>localizedSubjects.de</c>.</summary>
    public IEnumerable<(string Field, string Text)> Texts()
    {
        if (DefaultFromName is { } name) yield return ("defaultFromName", name);
        if (DefaultSubject is { } subject) yield return ("defaultSubject", subject);
        if (DefaultHtmlTemplate is { } html) yield return ("defaultHtmlTemplate", html);
        if (DefaultTextTemplate is { } text) yield return ("defaultTextTemplate", text);
        foreach (var (field, texts) in Localized())
            foreach (var (locale, localized) in texts) yield return ($"{field}.{locale}", localized);
    }

    /// <summary>The texts that exist by locale, with the names of their members.</summary>
    public IEnumerable<(string Field, ImmutableDictionary<string, string> Texts)> Localized() =>
    [
        ("localizedFromNames", LocalizedFromNames), ("localizedSubjects", LocalizedSubjects), ("localizedHtmlTemplates", LocalizedHtmlTemplates),
        ("localizedTextTemplates", LocalizedTextTemplates),
    ];
}
