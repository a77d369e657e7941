namespace OrleansAuth.Themes;

/// <summary>Services and endpoints of the themes slice, for the web tier's list.</summary>
internal static class ThemeServices
{
    public static IServiceCollection AddThemes(this IServiceCollection services) => services.AddSingleton<TemplatePages>();
}
