using Microsoft.AspNetCore.DataProtection;
using OrleansAuth.Administration;
using OrleansAuth.Applications;
using OrleansAuth.Groups;
using OrleansAuth.Keys;
using OrleansAuth.Operations;
using OrleansAuth.Setup;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.Common;

/// <summary>The web tier's services, the way of a request, and the list of its endpoint groups.</summary>
internal static class WebTier
{
    public static IServiceCollection AddWebTier(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddRazorPages();
        // Nothing that lasts is protected with these keys, only the forms of pages that are open now.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(options => options.Cookie.Name = "form");
        return services
            .AddSingleton<Pipeline>()
            .AddSingleton<Kickstart>()
            .AddSingleton<SetupToken>()
            .AddSingleton<Start>()
            .AddSingleton<AdministratorSession>()
            .AddTokens()
            .AddUsers();
    }

    public static void UseWebTier(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseMiddleware<Failures>();
        app.Use(app.Services.GetRequiredService<Pipeline>().Gate);
        app.UseRouting();
        app.UseMiddleware<ApiAuthentication>();
        app.MapApi();
        app.MapAssets();
        app.MapRazorPages();
    }

    private static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapSystem();
        routes.MapTenants();
        routes.MapApplications();
        routes.MapGroups();
        routes.MapKeys();
        routes.MapApiKeys();
        routes.MapUserSlice();
        routes.MapSessionsAndTokens();
    }
}
