using OrleansAuth.Common;

namespace OrleansAuth.Themes;

/// <summary>The values of a theme that go into CSS and into addresses of pictures.</summary>
internal static class ThemeVariableRules
{
    private const int MostFavicons = 8;

    public static void Check(SimpleThemeVariables variables, Errors errors)
    {
        foreach (var (name, value) in ThemeColors.Of(variables))
            Checked(name, value, CssValue.IsColor, "a colour such as #3148d8, rgb(49, 72, 216) or navy");
        Checked("backgroundSize", variables.BackgroundSize, CssValue.IsBackgroundSize, "cover, contain, auto or one or two lengths");
        Checked("borderRadius", variables.BorderRadius, CssValue.IsLength, "a length such as 8px");
        Checked("logoImageSize", variables.LogoImageSize, CssValue.IsLength, "a length such as 48px");
        Checked("fontFamily", variables.FontFamily, CssValue.IsFontFamily, "names of fonts with commas between them");
        Checked("monoFontFamily", variables.MonoFontFamily, CssValue.IsFontFamily, "names of fonts with commas between them");
        Checked("backgroundImageURL", variables.BackgroundImageURL, CssValue.IsPicture, "an https address, or a picture as a data address");
        Checked("logoImageURL", variables.LogoImageURL, CssValue.IsPicture, "an https address, or a picture as a data address");
        if (variables.Favicons.Length > MostFavicons) errors.Add("variables.favicons", "tooMany", $"A theme may have at most {MostFavicons} favicons.");
        foreach (var favicon in variables.Favicons.Take(MostFavicons))
        {
            Checked("favicons.href", favicon.Href ?? "", CssValue.IsPicture, "an https address, or a picture as a data address");
            errors.NotLonger(favicon.Rel, "variables.favicons.rel", 64);
            errors.NotLonger(favicon.Sizes, "variables.favicons.sizes", 64);
            errors.NotLonger(favicon.Type, "variables.favicons.type", 64);
        }

        void Checked(string name, string? value, Predicate<string> isValid, string kind)
        {
            // Blank is how forms send nothing.
            if (value is not null && !(value.Length == 0 && name != "favicons.href") && !isValid(value))
                errors.Add($"variables.{name}", "invalid", $"The [theme.variables.{name}] must be {kind}.");
        }
    }
}
