using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Themes;

/// <summary>What makes a theme valid: bounded, readable, and unable to smuggle anything into a page's CSS.</summary>
internal sealed class ThemeRules() : FamilyRules<Theme>(Families.Themes)
{
    /// <summary>Characters of everything in one theme together; every process holds all themes in memory.</summary>
    private const int LongestTheme = 900 * 1024;

    private const int LongestStylesheet = 256 * 1024;
    private const int MostLocales = 100;
    private const int MostTemplates = 100;

    protected override IEnumerable<UniqueName> Names(Theme value) => [Name(value.Name, null)];

    protected override Theme Complete(Theme next, Theme? current, RuleContext context) => next with { Name = next.Name.Trim() };

    protected override Refusal? RefuseRemoval(Theme current, RuleContext context)
    {
        var users = context.Snapshot.All<Tenant>().Where(t => t.ThemeId == current.Id).Select(t => $"tenant {t.Name}")
            .Concat(context.Snapshot.All<Application>().Where(a => a.ThemeId == current.Id).Select(a => $"application {a.Name}")).Take(3).ToList();
        return users.Count == 0 ? null : Refusal.Invalid(ContractError.General("[inUse]theme", $"The theme is in use by {string.Join(", ", users)}. Give them another one first."));
    }

    protected override void Check(Theme next, Theme? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        errors.NotLonger(next.Stylesheet, "stylesheet", LongestStylesheet);
        var length = (long)(next.DefaultMessages?.Length ?? 0) + (next.Stylesheet?.Length ?? 0) + next.LocalizedMessages.Values.Sum(v => (long)v.Length) + next.Templates.Values.Sum(v => (long)v.Length);
        if (length > LongestTheme) errors.Add("templates", "tooLong", $"Messages, stylesheet and templates of a theme may have at most {LongestTheme} characters together.");
        CheckMessages(next, errors);
        ThemeVariableRules.Check(next.Variables, errors);
        if (next.Templates.Count > MostTemplates)
            errors.Add("templates", "tooMany", $"A theme may have at most {MostTemplates} templates.");
        else if (!errors.Any)
            CheckTemplates(next, current, errors);
    }

    private static void CheckMessages(Theme next, Errors errors)
    {
        if (next.DefaultMessages is { } messages) CheckMessages(messages, "defaultMessages", errors);
        if (next.LocalizedMessages.Count > MostLocales)
        {
            errors.Add("localizedMessages", "tooMany", $"A theme may have messages in at most {MostLocales} languages.");
            return;
        }

        foreach (var (locale, text) in next.LocalizedMessages)
        {
            if (!Locales.IsLocale(locale))
                errors.Add("localizedMessages", "invalid", $"[{(locale.Length > 20 ? locale[..20] : locale)}] is not a locale such as de or fr_CA.");
            else
                CheckMessages(text, $"localizedMessages.{locale}", errors);
        }
    }

    private static void CheckMessages(string text, string field, Errors errors)
    {
        if (text.Length > MessageProperties.LongestText || text.Contains('\0', StringComparison.Ordinal))
        {
            errors.NotLonger(text, field, MessageProperties.LongestText);
            return;
        }

        MessageProperties.Read(text, out var faulty);
        if (faulty > 0) errors.Add(field, "invalid", $"Line {faulty} of [theme.{field}] is not of the form key=value.");
    }

    /// <summary>Only what has changed is compiled again.</summary>
    private static void CheckTemplates(Theme next, Theme? current, Errors errors)
    {
        foreach (var (name, text) in next.Templates.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            if (string.IsNullOrWhiteSpace(text) || ThemeTemplates.IsForeign(text) || current?.Templates.GetValueOrDefault(name) == text) continue;
            if (name.Length > 64 || !name.All(char.IsAsciiLetterOrDigit))
                errors.Add("templates", "invalid", "The name of a template has ASCII letters and digits only.");
            else if (PageTemplate.Check(text, name == ThemeTemplates.Helpers) is { } fault)
                errors.Add($"templates.{name}", "invalid", $"Line {fault.Line} of the template [{name}]: {fault.Message}");
        }
    }
}
