using OrleansAuth.Applications;
using OrleansAuth.Groups;
using OrleansAuth.Keys;
using OrleansAuth.Operations;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.Common;

/// <summary>The web tier's services, the way of a request, and the list of its endpoint groups.</summary>
internal static class WebTier
{
    public static IServiceCollection AddWebTier(this IServiceCollection services) => services
        .AddRoutingCore()
        .AddTokens();

    public static void UseWebTier(this WebApplication app)
    {
        app.UseMiddleware<Failures>();
        app.UseRouting();
        app.UseMiddleware<ApiAuthentication>();
        app.MapApi();
    }

    private static void MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapSystem();
        routes.MapTenants();
        routes.MapApplications();
        routes.MapGroups();
        routes.MapKeys();
        routes.MapApiKeys();
        routes.MapSessionsAndTokens();
    }
}
