using System.Text.RegularExpressions;

namespace OrleansAuth.Themes;

/// <summary>Locales as the contract writes them: <c>de</c>, <c>fr_CA</c>.</summary>
public static partial class Locales
{
    private static readonly string[] RightToLeft = ["ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"];

    public static bool IsLocale(string text) => text.Length <= 12 && Shape().IsMatch(text);

    /// <summary>The form of HTML and HTTP: <c>fr-CA</c> (RFC 5646).</summary>
    public static string Tag(string locale) => locale.Replace('_', '-');

    /// <summary><c>ltr</c> or <c>rtl</c>.</summary>
    public static string Direction(string locale) => RightToLeft.Contains(Language(locale)) ? "rtl" : "ltr";

    /// <summary>The language without its region.</summary>
    public static string Language(string locale) => locale.Split('_', '-')[0].ToLowerInvariant();

    /// <summary>Of the locales there are, the one that fits best: the same, the same language without a region, the same language at all.</summary>
    public static string? Best(string wanted, IReadOnlyCollection<string> offered)
    {
        if (!IsLocale(wanted.Trim().Replace('-', '_'))) return null;
        var locale = wanted.Trim().Replace('-', '_');
        return offered.FirstOrDefault(o => o.Equals(locale, StringComparison.OrdinalIgnoreCase))
            ?? offered.FirstOrDefault(o => o.Equals(Language(locale), StringComparison.OrdinalIgnoreCase))
            ?? offered.FirstOrDefault(o => Language(o) == Language(locale));
    }

    [GeneratedRegex(@"\A[A-Za-z]{2,3}(_[A-Za-z]{4})?(_([A-Za-z]{2}|[0-9]{3}))?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
