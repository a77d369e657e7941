using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Themes;

/// <summary>
/// The frame of one hosted page: whose page it is, how it looks, which language it speaks. Made by <see cref="Open"/> once
/// the tenant is known; the layout and the pages read from it.
/// </summary>
internal sealed class HostedPage
{
    private readonly ThemeParts _parts;
    private readonly string _address;

    private HostedPage(Tenant? tenant, Application? application, Theme theme, string locale, string address) =>
        (Tenant, Application, Theme, Locale, _parts, _address) = (tenant, application, theme, locale, ThemeParts.Of(theme), address);

    /// <summary>Null only where nobody knows whose page it is, as with a request of an unknown client.</summary>
    public Tenant? Tenant { get; }

    public Application? Application { get; }

    public Theme Theme { get; }

    /// <summary>Such as <c>de</c> or <c>fr_CA</c>.</summary>
    public string Locale { get; }

    /// <summary>For the <c>lang</c> attribute (RFC 5646).</summary>
    public string Language => Locales.Tag(Locale);

    /// <summary>For the <c>dir</c> attribute.</summary>
    public string Direction => Locales.Direction(Locale);

    /// <summary>Whose page it is, in words.</summary>
    public string Owner => Tenant?.Name ?? Theme.Name;

    /// <summary>What stands for a logo where there is none: the first letter of the owner.</summary>
    public string Initial => System.Globalization.StringInfo.GetNextTextElement(Owner).ToUpperInvariant();

    public string? Logo => Theme.Variables.LogoImageURL is { Length: > 0 } url && CssValue.IsPicture(url) ? url : null;

    public IEnumerable<Favicon> Favicons => Theme.Variables.Favicons.Where(f => f.Href is not null && CssValue.IsPicture(f.Href));

    /// <summary>This server's stylesheet and then the theme's.</summary>
    public IEnumerable<string> Stylesheets => _parts.Style is { } style ? [Assets.StylePath, ThemeAssets.Path(Theme, style)] : [Assets.StylePath];

    /// <summary>The languages to choose from; none where there is only one, or the theme wants no footer.</summary>
    public IEnumerable<PageLanguage> Languages => !Theme.Variables.FooterDisplay || _parts.Locales.Count < 2
        ? []
        : _parts.Locales.Select(locale => new PageLanguage(locale, NameOf(locale), Address(locale), locale == Locale));

    /// <summary>The words for a key; the key itself where nobody has any, which a test forbids for this server's own pages.</summary>
    public string Text(string key, params IReadOnlyList<string> arguments) => BuiltInMessages.Fill(_parts.Message(Locale, key) ?? key, arguments);

    /// <summary>
    /// The words for an error: those of the theme or of this server for its code, then for its rule, then what came with it.
    /// </summary>
    public string Text(ContractError error)
    {
        var rule = error.Code[..(error.Code.IndexOf(']', StringComparison.Ordinal) + 1)];
        return _parts.Message(Locale, error.Code) ?? _parts.Message(Locale, rule) ?? error.Message;
    }

    /// <summary>The words for a key that a theme may or may not have.</summary>
    public string? TextOrNull(string key) => _parts.Message(Locale, key);

    /// <summary>The frame as templates of a theme see it; a page adds its own members.</summary>
    public JsonObject Data() => new()
    {
        ["tenant"] = Tenant is null ? null : new JsonObject { ["id"] = Tenant.Id.ToString(), ["name"] = Tenant.Name },
        ["application"] = Application is null ? null : new JsonObject { ["id"] = Application.Id.ToString(), ["name"] = Application.Name },
        ["locale"] = Locale,
        ["language"] = Language,
        ["direction"] = Direction,
        ["logo"] = Logo,
        ["stylesheets"] = new JsonArray([.. Stylesheets.Select(path => (JsonNode)path)]),
        ["languages"] = new JsonArray([.. Languages.Select(l => (JsonNode)new JsonObject { ["locale"] = l.Locale, ["name"] = l.Name, ["href"] = l.Href, ["current"] = l.Current })]),
    };

    /// <summary>The theme's template of a page; null where the page is this server's own.</summary>
    /// <exception cref="TemplateException">The template cannot be compiled.</exception>
    public PageTemplate? Template(string name) => _parts.Template(name);

    /// <summary>
    /// Opens the frame for a request: chooses theme and language, and lets the page show the theme's pictures. What the
    /// request's configuration lacks falls back to what every system has.
    /// </summary>
    /// <param name="ofUser">Languages of the known user, the first preferred.</param>
    public static HostedPage Open(HttpContext http, ConfigurationSnapshot snapshot, Tenant? tenant, Application? application, IEnumerable<string>? ofUser = null)
    {
        var theme = snapshot.Find<Theme>(application?.ThemeId) ?? snapshot.Find<Theme>(tenant?.ThemeId) ?? snapshot.Find<Theme>(WellKnown.DefaultTheme)!;
        var offered = ThemeParts.Of(theme).Locales;
        PageLocale.Remember(http, offered);
        var page = new HostedPage(tenant, application, theme, PageLocale.Choose(http, offered, ofUser), http.Request.Path + http.Request.QueryString);
        foreach (var origin in page.PictureOrigins()) ContentPolicy.Of(http).AllowImage(origin);
        http.Items[typeof(HostedPage)] = page;
        return page;
    }

    /// <summary>The frame that this request opened.</summary>
    /// <exception cref="InvalidOperationException">It opened none.</exception>
    public static HostedPage Of(HttpContext http) => http.Items[typeof(HostedPage)] as HostedPage ?? throw new InvalidOperationException("The request has no hosted page; HostedPage.Open comes first.");

    private IEnumerable<string> PictureOrigins() => new[] { Logo, Theme.Variables.BackgroundImageURL }.Concat(Favicons.Select(f => f.Href))
        .Where(url => url is not null && CssValue.IsPicture(url) && url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)).Select(url => new Uri(url!).GetLeftPart(UriPartial.Authority)).Distinct();

    /// <summary>This page in another language. A page that answers a form is asked for again, without what was typed.</summary>
    private string Address(string locale)
    {
        var (path, query) = _address.Split('?', 2) is [var before, var after] ? (before, after) : (_address, "");
        var others = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !p.StartsWith("locale=", StringComparison.OrdinalIgnoreCase));
        return $"{path}?{string.Join('&', others.Append($"locale={Uri.EscapeDataString(locale)}"))}";
    }

    /// <summary>The name of a language in that language, from its messages: the server runs without cultures.</summary>
    private string NameOf(string locale) => _parts.OwnMessage(locale, "language-name") ?? Locales.Tag(locale);
}

/// <summary>A language to choose.</summary>
/// <param name="Name">In that language.</param>
/// <param name="Href">The same page in it.</param>
internal sealed record PageLanguage(string Locale, string Name, string Href, bool Current);
