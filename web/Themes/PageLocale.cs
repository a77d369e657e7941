using System.Globalization;

namespace OrleansAuth.Themes;

/// <summary>Which language a page is shown in.</summary>
internal static class PageLocale
{
    private const string Parameter = "locale";
    private const string Cookie = "locale";
    private const int MostWanted = 20;

    /// <summary>
    /// The first that pages can be shown in of: the <c>locale</c> parameter, what the browser was told before, <c>ui_locales</c>
    /// (OpenID Connect Core, section 3.1.2.1), the known user's languages, what the browser asks for, English.
    /// </summary>
    /// <param name="ofUser">Languages of the user, the first preferred; null where nobody is known.</param>
    public static string Choose(HttpContext http, IReadOnlyList<string> offered, IEnumerable<string>? ofUser = null)
    {
        var request = http.Request;
        string?[] wanted =
        [
            request.Query[Parameter], request.Cookies[Cookie],
            .. request.Query["ui_locales"].ToString().Split(' ', MostWanted, StringSplitOptions.RemoveEmptyEntries),
            .. ofUser?.Take(MostWanted) ?? [],
            .. Accepted(request.Headers.AcceptLanguage.ToString()),
        ];
        return wanted.Select(w => w is null ? null : Locales.Best(w, offered)).FirstOrDefault(best => best is not null) ?? BuiltInMessages.English;
    }

    /// <summary>Whether the request names a language before that of the user would count.</summary>
    public static bool IsSaid(HttpContext http) =>
        http.Request.Query.ContainsKey(Parameter) || http.Request.Query.ContainsKey("ui_locales") || http.Request.Cookies.ContainsKey(Cookie);

    /// <summary>Notes a choice that the address brought, so that pages without it keep to it.</summary>
    public static void Remember(HttpContext http, IReadOnlyList<string> offered)
    {
        if (http.Request.Query[Parameter].ToString() is not { Length: > 0 } wanted || Locales.Best(wanted, offered) is not { } locale || http.Request.Cookies[Cookie] == locale) return;
        http.Response.Cookies.Append(Cookie, locale, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            Path = "/",
            IsEssential = true,
            MaxAge = TimeSpan.FromDays(365),
        });
    }

    /// <summary>By weight, and in their order where it is the same (RFC 9110, section 12.5.4).</summary>
    private static IEnumerable<string> Accepted(string header) => header.Length > 1_000
        ? []
        : header.Split(',', MostWanted).Select(part => part.Split(';')).Select(part => (Locale: part[0].Trim(), Weight: Weight(part)))
            .Where(a => a.Weight > 0).OrderByDescending(a => a.Weight).Select(a => a.Locale);

    private static double Weight(string[] parts) =>
        parts.Length < 2 ? 1 : double.TryParse(parts[1].Replace("q=", "", StringComparison.OrdinalIgnoreCase), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var weight) ? weight : 0;
}
