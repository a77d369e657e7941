using Microsoft.Net.Http.Headers;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Themes;

/// <summary>Serves the stylesheets of themes.</summary>
internal static class ThemeAssets
{
    public static string Path(Theme theme, ThemeStyle style) => $"/assets/theme/{theme.Id}/{style.Hash}.css";

    public static void MapThemeAssets(this IEndpointRouteBuilder routes) => routes.MapGet("/assets/theme/{id:guid}/{file}", (Guid id, string file, HttpContext http, ConfigurationReader configuration) =>
    {
        if (configuration.Current.Find<Theme>(id) is not { } theme || ThemeParts.Of(theme).Style is not { } style) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        // Another process may be a moment ahead with a change: its address is answered with what is known here, and not kept.
        if (file == $"{style.Hash}.css") http.Response.Headers[HeaderNames.CacheControl] = "public, max-age=31536000, immutable";
        return Results.Bytes(style.Css, "text/css; charset=utf-8");
    });
}
