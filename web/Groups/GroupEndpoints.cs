using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Groups;

/// <summary>Groups; their members are in <c>GroupMemberEndpoints</c>.</summary>
internal static class GroupEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.Groups, "/api/group")
    {
        InTenant = true,
        Prepare = TakeRoleIds,
        Show = (value, request) => Show((Group)value, request),
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

    /// <summary>In answers the roles stand inside, whole and by application.</summary>
    private static JsonObject Show(Group group, ApiRequest request)
    {
        var shown = Families.Groups.Shown(group);
        shown.Remove("roleIds");
        var roles = new JsonObject();
        foreach (var application in request.Snapshot.All<Application>().Where(a => a.TenantId == group.TenantId))
        {
            var held = application.Roles.Where(r => group.RoleIds.Contains(r.Id!.Value)).Select(r => (JsonNode)ContractJson.ToNode(r)).ToArray();
            if (held.Length > 0) roles[application.Id.ToString()] = new JsonArray(held);
        }

        shown["roles"] = roles;
        return shown;
    }
}
