using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Groups;

namespace OrleansAuth.Groups;

/// <summary>Groups; their members are in <c>GroupMemberEndpoints</c>.</summary>
internal static class GroupEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.Groups, "/api/group")
    {
        InTenant = true,
        Prepare = TakeRoleIds,
        Show = (value, request) => GroupDisplay.Show((Group)value, request.Snapshot),
    };

    public static void MapGroups(this IEndpointRouteBuilder routes) =>
        Routes.MapCreate(routes).MapRead(routes).MapList(routes).MapSearch(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);

    /// <summary>In requests the roles stand beside the group.</summary>
    private static Refusal? TakeRoleIds(JsonObject sent, JsonObject body, ApiRequest request)
    {
        sent.Remove("roles");
        if (body["roleIds"] is { } ids) sent["roleIds"] = ids.DeepClone();
        return null;
    }
}
