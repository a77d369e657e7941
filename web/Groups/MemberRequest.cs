using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Groups;
using OrleansAuth.Users;

namespace OrleansAuth.Groups;

/// <summary>Members by group, as a request names them: every group is visible to it, and every user exists in the group's tenant.</summary>
internal sealed record MemberRequest(IReadOnlyDictionary<Group, IReadOnlyList<GroupMember>> Groups)
{
    /// <summary>Reads <c>{members: {groupId: [{userId, id?, data?}]}}</c>.</summary>
    public static async Task<Outcome<MemberRequest>> Read(ApiRequest request, GroupMembers members)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return malformed;
        var byGroup = ByGroup(body.Value!, request);
        if (byGroup.Refusal is { } wrong) return wrong;
        var errors = new Errors("members");
        var groups = new Dictionary<Group, IReadOnlyList<GroupMember>>();
        foreach (var (group, list) in byGroup.Value!) groups[group] = Members(list, errors);
        if (errors.Any) return errors.Refusal;
        CheckTwice(groups.Values, errors);
        foreach (var (group, list) in groups)
        {
            var known = await members.Users(group.TenantId!.Value, [.. list.Select(m => m.UserId!.Value)], request.Http.RequestAborted);
            foreach (var unknown in list.Where(m => !known.Contains(m.UserId!.Value)))
                errors.Add("userId", "invalid", $"There is no user with the Id [{unknown.UserId}] in the tenant of the group [{group.Id}].");
        }

        return errors.Any ? errors.Refusal : new MemberRequest(groups);
    }

    /// <summary>The lists under <c>members</c>, by the groups that their names are the ids of.</summary>
    public static Outcome<Dictionary<Group, JsonArray>> ByGroup(JsonObject body, ApiRequest request)
    {
        if (body["members"] is not JsonObject members)
            return Refusal.Invalid(ContractError.At("members", body["members"] is null ? "missing" : "couldNotConvert", "The request must have a JSON object [members] that names groups by their Id."));
        var errors = new Errors("members");
        var groups = new Dictionary<Group, JsonArray>();
        foreach (var (name, list) in members)
        {
            if (!Guid.TryParse(name, out var id) || FindGroup(id, request) is not { } group)
                errors.Add("groupId", "invalid", $"There is no group with the Id [{name}].");
            else if (list is not JsonArray array || !groups.TryAdd(group, array))
                errors.Add("groupId", "couldNotConvert", $"The [members.{name}] must be a JSON array, and name the group once.");
        }

        return errors.Any ? errors.Refusal : groups;
    }

    /// <summary>The group, if the request may see it.</summary>
    public static Group? FindGroup(Guid id, ApiRequest request) =>
        request.Snapshot.Find<Group>(id) is { } group && request.Sees(group.TenantId) ? group : null;

    private static List<GroupMember> Members(JsonArray list, Errors errors)
    {
        var members = new List<GroupMember>();
        foreach (var item in list)
        {
            if (item is not JsonObject document)
            {
                errors.AddField("members", "couldNotConvert", "Each member must be a JSON object with a [userId].");
                continue;
            }

            if (ContractReading.Read<GroupMember>(ContractJson.WithoutNulls((JsonObject)document.DeepClone()), "members", errors) is not { } member) continue;
            if (member.UserId is null) errors.Add("userId", "missing", "Each member must have a [userId].");
            if (member.Data is { ValueKind: not JsonValueKind.Object and not JsonValueKind.Null }) errors.Add("data", "couldNotConvert", "The [data] of a member must be a JSON object.");
            members.Add(member);
        }

        return members;
    }

    private static void CheckTwice(IEnumerable<IReadOnlyList<GroupMember>> groups, Errors errors)
    {
        var ids = new HashSet<Guid>();
        foreach (var list in groups)
        {
            var users = new HashSet<Guid>();
            foreach (var member in list)
            {
                if (!users.Add(member.UserId!.Value)) errors.Add("userId", "duplicate", $"The user [{member.UserId}] is named twice for one group.");
                if (member.Id is { } id && !ids.Add(id)) errors.Add("id", "duplicate", $"The Id [{id}] is used for two members.");
            }
        }
    }
}
