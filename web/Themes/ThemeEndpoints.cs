using OrleansAuth.Configuration;

namespace OrleansAuth.Themes;

/// <summary>Themes: how the hosted pages look and speak.</summary>
internal static class ThemeEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.Themes, "/api/theme") { SourceMember = "sourceThemeId" };

    public static void MapThemes(this IEndpointRouteBuilder routes) =>
        Routes.MapCreate(routes).MapRead(routes).MapList(routes).MapSearch(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
}
