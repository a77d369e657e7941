using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Applications;

/// <summary>Applications with their roles and scopes.</summary>
internal static class ApplicationEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.Applications, "/api/application")
    {
        InTenant = true,
        SourceMember = "sourceApplicationId",
    };

    public static void MapApplications(this IEndpointRouteBuilder routes)
    {
        Routes.MapCreate(routes).MapRead(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes).MapSearch(routes)
            .MapList(routes, (application, request) => ((Application)application).Active == (request.Http.Request.Query["inactive"] != "true"));
        new ItemRoutes(Routes, "roles", "role").Map(routes, readable: false, removeByName: true);
        new ItemRoutes(Routes, "scopes", "scope").Map(routes, readable: true, removeByName: false);
        routes.MapGet("/api/application/{id:guid}/oauth-configuration", OAuthConfiguration).Allow(ApiAccess.Key);
    }

    /// <summary>What a client needs to know of the application and its tenant to sign users in and out.</summary>
    private static IResult OAuthConfiguration(Guid id, ApiRequest request)
    {
        if (Routes.Find(id, request) is not Application application) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var tenant = request.Snapshot.Find<Tenant>(application.TenantId)!;
        var body = new JsonObject
        {
            ["httpSessionMaxInactiveInterval"] = tenant.HttpSessionMaxInactiveInterval,
            ["oauthConfiguration"] = ContractJson.ToNode(application.OauthConfiguration),
        };
        if ((application.OauthConfiguration.LogoutURL ?? tenant.LogoutURL) is { } logout) body["logoutURL"] = logout;
        return ContractResults.Json(body);
    }
}
