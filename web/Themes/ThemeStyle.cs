using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Themes;

/// <summary>
/// The stylesheet of a theme, which pages load after this server's own. Its address has its hash, so browsers keep it for
/// ever and a changed theme has a new address.
/// </summary>
internal sealed record ThemeStyle(byte[] Css, string Hash)
{
    /// <returns>Null where the theme changes nothing.</returns>
    public static ThemeStyle? Of(Theme theme)
    {
        var css = Variables(theme.Variables) + (theme.Type == ThemeType.Advanced ? theme.Stylesheet : null);
        if (string.IsNullOrWhiteSpace(css)) return null;
        var bytes = Encoding.UTF8.GetBytes(css);
        return new ThemeStyle(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }

    /// <summary>The values were checked when they were stored, and are checked again here: CSS has no way to escape them.</summary>
    private static string Variables(SimpleThemeVariables theme)
    {
        var rules = new StringBuilder();
        Scheme(theme, rules);
        Colors(theme, rules);
        Add("--font", theme.FontFamily, CssValue.IsFontFamily);
        Add("--mono", theme.MonoFontFamily, CssValue.IsFontFamily);
        Add("--r", theme.BorderRadius, CssValue.IsLength);
        Add("--r-lg", theme.BorderRadius, CssValue.IsLength);
        Add("--logo-size", theme.LogoImageSize, CssValue.IsLength);
        var root = rules.Length == 0 ? "" : $":root {{\n{rules}}}\n";
        return Color(theme.PrimaryButtonFocusColor) is { } focus ? $"{root}.button.primary:hover, .button.primary:focus-visible {{ background: {focus}; border-color: {focus} }}\n{Picture(theme)}" : root + Picture(theme);

        void Add(string name, string? value, Predicate<string> isValid)
        {
            if (!string.IsNullOrEmpty(value) && isValid(value)) rules.Append(CultureInfo.InvariantCulture, $"  {name}: {value};\n");
        }
    }

    /// <summary>A theme that paints the page itself is the same by day and by night; one with an accent only keeps both schemes.</summary>
    private static void Scheme(SimpleThemeVariables theme, StringBuilder rules)
    {
        var ground = Color(theme.PageBackgroundColor) ?? Color(theme.PanelBackgroundColor) ?? Color(theme.InputBackgroundColor);
        var ink = Color(theme.FontColor) ?? Color(theme.InputTextColor);
        if (ground is null && ink is null) return;
        var dark = ground is not null ? Luminance(ground) is < 0.2 : Luminance(ink!) is > 0.5;
        rules.Append(CultureInfo.InvariantCulture, $"  color-scheme: {(dark ? "dark" : "light")};\n");
        rules.Append("  --quiet: color-mix(in srgb, var(--ink) 74%, var(--card));\n  --line: color-mix(in srgb, var(--ink) 14%, var(--card));\n  --line-strong: color-mix(in srgb, var(--ink) 55%, var(--card));\n");
    }

    private static void Colors(SimpleThemeVariables theme, StringBuilder rules)
    {
        var accent = Color(theme.PrimaryButtonColor);
        Add("--accent", accent);
        Add("--accent-ink", Color(theme.PrimaryButtonTextColor) ?? (accent is null ? null : Luminance(accent) is > 0.4 ? "#14171f" : "#fff"));
        // On dark ground an accent made for white paper would be too dark to read.
        Add("--link", Color(theme.LinkTextColor) ?? (accent is null ? null : $"light-dark({accent}, color-mix(in srgb, {accent} 50%, white))"));
        Add("--focus", accent is null ? null : $"light-dark({accent}, color-mix(in srgb, {accent} 50%, white))");
        Add("--link-hover", Color(theme.LinkTextFocusColor));
        Add("--page", Color(theme.PageBackgroundColor));
        Add("--card", Color(theme.PanelBackgroundColor));
        Add("--ink", Color(theme.FontColor));
        Add("--field", Color(theme.InputBackgroundColor));
        Add("--field-ink", Color(theme.InputTextColor));
        Add("--mono-ink", Color(theme.MonoFontColor));
        Add("--bad", Color(theme.ErrorFontColor) ?? Color(theme.AlertFontColor));
        Add("--bad-bg", Color(theme.AlertBackgroundColor));
        Add("--danger", Color(theme.DeleteButtonColor));
        Add("--danger-ink", Color(theme.DeleteButtonTextColor));
        Add("--icon", Color(theme.IconColor));
        Add("--icon-bg", Color(theme.IconBackgroundColor));

        void Add(string name, string? value)
        {
            if (value is not null) rules.Append(CultureInfo.InvariantCulture, $"  {name}: {value};\n");
        }
    }

    private static string Picture(SimpleThemeVariables theme)
    {
        if (theme.BackgroundImageURL is not { Length: > 0 } url || !CssValue.IsPicture(url)) return "";
        var size = theme.BackgroundSize is { } given && CssValue.IsBackgroundSize(given) ? given : "cover";
        return $".hosted {{ background-image: url(\"{url}\"); background-size: {size}; background-position: center; background-attachment: fixed }}\n";
    }

    private static string? Color(string? value) => !string.IsNullOrEmpty(value) && CssValue.IsColor(value) ? value : null;

    /// <summary>Relative luminance, 0 for black to 1 for white (WCAG 2.2); null for what is not written as hexadecimal digits.</summary>
    private static double? Luminance(string color)
    {
        if (color is "black") return 0;
        if (color is "white") return 1;
        if (color[0] != '#') return null;
        var digits = color[1..];
        if (digits.Length is 3 or 4) digits = string.Concat(digits.Take(3).Select(c => $"{c}{c}"));
        return (0.2126 * Linear(0)) + (0.7152 * Linear(2)) + (0.0722 * Linear(4));

        double Linear(int at)
        {
            var part = int.Parse(digits.AsSpan(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) / 255.0;
            return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        }
    }
}
