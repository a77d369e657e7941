using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.UserActions;

/// <summary>What can be done to users, and why.</summary>
internal static class UserActionEndpoints
{
    private static readonly ConfigurationRoutes Actions = new(Families.UserActions, "/api/user-action");
    private static readonly ConfigurationRoutes Reasons = new(Families.UserActionReasons, "/api/user-action-reason");

    public static void MapUserActions(this IEndpointRouteBuilder routes)
    {
        Actions.MapCreate(routes).MapRead(routes).MapList(routes, Listed).MapReplace(routes).MapPatch(routes).MapRemove(routes);
        Reasons.MapCreate(routes).MapRead(routes).MapList(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
        routes.MapTakenActions();
    }

    private static bool Listed(ConfigurationObject value, ApiRequest request) =>
        value is UserAction action && action.Active != (request.Http.Request.Query["inactive"] == "true");
}
