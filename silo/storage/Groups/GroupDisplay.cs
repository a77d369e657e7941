using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Groups;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Storage.Groups;

/// <summary>A group as the API shows it: its roles stand inside, whole and by application.</summary>
public static class GroupDisplay
{
    public static JsonObject Show(Group group, ConfigurationSnapshot snapshot)
    {
        var shown = Families.Groups.Shown(group);
        shown.Remove("roleIds");
        var roles = new JsonObject();
        foreach (var application in snapshot.All<Application>().Where(a => a.TenantId == group.TenantId))
        {
            var held = application.Roles.Where(r => group.RoleIds.Contains(r.Id!.Value)).Select(r => (JsonNode)ContractJson.ToNode(r)).ToArray();
            if (held.Length > 0) roles[application.Id.ToString()] = new JsonArray(held);
        }

        shown["roles"] = roles;
        return shown;
    }
}
