using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Themes;

namespace OrleansAuth.Mail;

/// <summary>What the texts of mail templates and message templates have in common: bounded, in known locales, and ready to be compiled.</summary>
internal static class TemplateTextRules
{
    private const int LongestTemplate = 900 * 1024;
    private const int LongestLine = 1_000;
    private const int MostLocales = 100;

    /// <param name="root">What wraps the template in requests.</param>
    /// <param name="texts">All texts by their fields.</param>
    /// <param name="before">Those that were stored, which are not compiled again.</param>
    /// <param name="isLine">Whether the text of a field is of one line.</param>
    public static void Check(string root, IReadOnlyCollection<(string Field, string Text)> texts, IEnumerable<(string Field, string Text)> before, Predicate<string> isLine, Errors errors)
    {
        if (texts.Sum(text => (long)text.Text.Length) > LongestTemplate)
        {
            errors.AddGeneral($"[tooLong]{root}", $"The texts of a template may have at most {LongestTemplate} characters together.");
            return;
        }

        var known = before.ToHashSet();
        foreach (var (field, text) in texts.Where(text => !known.Contains(text)))
        {
            if (isLine(field)) errors.NotLonger(text, field, LongestLine);
            if (text.Contains('\0', StringComparison.Ordinal)) errors.NotLonger(text, field, int.MaxValue);
            else if (!TemplateTexts.IsForeign(text) && PageTemplate.CheckAlone(text) is { } fault) errors.Add(field, "invalid", $"Line {fault.Line} of [{root}.{field}]: {fault.Message}");
        }
    }

    public static void CheckLocales(string root, string field, ImmutableDictionary<string, string> texts, Errors errors)
    {
        if (texts.Count > MostLocales) errors.Add(field, "tooMany", $"The [{root}.{field}] may have at most {MostLocales} languages.");
        else if (texts.Keys.FirstOrDefault(locale => !Locales.IsLocale(locale)) is { } odd)
            errors.Add(field, "invalid", $"[{(odd.Length > 20 ? odd[..20] : odd)}] is not a locale such as de or fr_CA.");
    }
}
