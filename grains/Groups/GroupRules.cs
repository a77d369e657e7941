using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Groups;

namespace OrleansAuth.Groups;

/// <summary>What makes a group valid.</summary>
internal sealed class GroupRules() : FamilyRules<Group>(Families.Groups)
{
    protected override IEnumerable<UniqueName> Names(Group value) => [Name(value.Name, value.TenantId)];

    /// <summary>Roles that were deleted since the group was stored leave it with its next change, and do not refuse it.</summary>
    protected override Group Complete(Group next, Group? current, RuleContext context)
    {
        var roles = RolesOf(next, context);
        return next with
        {
            Name = next.Name.Trim(),
            RoleIds = [.. next.RoleIds.Distinct().Where(id => roles.Contains(id) || current?.RoleIds.Contains(id) != true)],
        };
    }

    protected override void Check(Group next, Group? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        errors.InTenant(next.TenantId, current is null, context);
        var roles = RolesOf(next, context);
        foreach (var id in next.RoleIds.Where(id => !roles.Contains(id)))
            errors.AddField("roleIds", "invalid", $"There is no application role with the Id [{id}] in this tenant.");
    }

    private static HashSet<Guid?> RolesOf(Group group, RuleContext context) =>
        [.. context.Snapshot.All<Application>().Where(a => a.TenantId == group.TenantId).SelectMany(a => a.Roles).Select(r => r.Id)];

    protected override void Raise(Group? next, Group? current, RuleContext context, OperationEvents events)
    {
        var (snapshot, type) = (context.Snapshot, current is null ? EventTypes.GroupCreate : next is null ? EventTypes.GroupDelete : EventTypes.GroupUpdate);
        events.Add(type, Members).Add(EventTypes.CompleteOf(type), Members);

        JsonObject Members()
        {
            var members = new JsonObject { ["group"] = GroupDisplay.Show((next ?? current)!, snapshot) };
            if (type == EventTypes.GroupUpdate) members["original"] = GroupDisplay.Show(current!, snapshot);
            return members;
        }
    }

    /// <summary>Memberships in the users' own state go with the group too: they are not shown once it is gone.</summary>
    protected override void Removing(Group current, Commit commit) => commit.Delete(Tables.GroupMember, ("group_id", current.Id));
}
