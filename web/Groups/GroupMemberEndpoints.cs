using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Groups;
using OrleansAuth.Users;

namespace OrleansAuth.Groups;

/// <summary>Who is in which group. Memberships belong to their users; groups are found by the rows that searches read.</summary>
internal static class GroupMemberEndpoints
{
    private const string Path = "/api/group/member";

    public static void MapGroupMembers(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, Add).Allow(ApiAccess.Key);
        routes.MapPut(Path, Replace).Allow(ApiAccess.Key);
        routes.MapDelete(Path, Remove).Allow(ApiAccess.Key);
        routes.MapDelete(Path + "/{memberId:guid}", RemoveOne).Allow(ApiAccess.Key);
        routes.MapGet(Path + "/search", (ApiRequest request, GroupMembers members) =>
            Search(ConfigurationSearch.FromQuery(request.Http.Request.Query), request, members)).Allow(ApiAccess.Key);
        routes.MapPost(Path + "/search", async (ApiRequest request, GroupMembers members) =>
        {
            var body = await RequestBody.ReadObject(request.Http);
            return await Search(body.Refusal ?? ConfigurationSearch.FromBody(body.Value ?? []), request, members);
        }).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Add(ApiRequest request, GroupMembers members, IGrainFactory grains)
    {
        var asked = await MemberRequest.Read(request, members);
        if (asked.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var change = new MemberChange();
        foreach (var (group, list) in asked.Value!.Groups)
            foreach (var member in list) Join(change, group, member);
        return await Answer(asked.Value, change, grains, request);
    }

    /// <summary>Afterwards the groups have exactly the members of the request. Whoever stays keeps the membership, unless it gets another id.</summary>
    private static async Task<IResult> Replace(ApiRequest request, GroupMembers members, IGrainFactory grains)
    {
        var asked = await MemberRequest.Read(request, members);
        if (asked.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var change = new MemberChange();
        foreach (var (group, list) in asked.Value!.Groups)
        {
            var held = (await members.Of(group.Id, request.Http.RequestAborted)).ToDictionary(m => m.UserId);
            foreach (var member in list)
            {
                if (held.Remove(member.UserId!.Value, out var old) && member.Id is { } id && id != old.Id) change.Leave(old.TenantId, old.UserId, old.Id);
                Join(change, group, member);
            }

            foreach (var gone in held.Values) change.Leave(gone.TenantId, gone.UserId, group.Id);
        }

        return await Answer(asked.Value, change, grains, request);
    }

    private static void Join(MemberChange change, Group group, GroupMember member) => change.Join(
        group.TenantId!.Value, member.UserId!.Value,
        new JoinGroup(group.Id, member.Id ?? Guid.CreateVersion7(), member.Data is { ValueKind: System.Text.Json.JsonValueKind.Object } data ? JsonText.From(data) : null));

    private static async Task<IResult> Answer(MemberRequest asked, MemberChange change, IGrainFactory grains, ApiRequest request) =>
        (await change.Run(grains, request.Actor)).Answer(users => ContractResults.Wrapped("members", new JsonObject(asked.Groups.Select(group => KeyValuePair.Create(
            group.Key.Id.ToString(),
            (JsonNode?)new JsonArray([.. group.Value.Select(m => users[m.UserId!.Value].Memberships.FirstOrDefault(held => held.GroupId == group.Key.Id)).OfType<GroupMember>().Select(ContractJson.ToNode)]))))));

    private static async Task<IResult> RemoveOne(Guid memberId, ApiRequest request, GroupMembers members, IGrainFactory grains)
    {
        var found = await members.Find([memberId], request.Http.RequestAborted);
        return await RemoveRows(found, request, grains, someMustExist: true);
    }

    /// <summary>By group and user, by group, or by lists in the body.</summary>
    private static async Task<IResult> Remove(ApiRequest request, GroupMembers members, IGrainFactory grains)
    {
        var query = request.Http.Request.Query;
        if (query.ContainsKey("groupId") || query.ContainsKey("userId")) return await RemoveByQuery(query["groupId"], query["userId"], request, members, grains);
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var named = await Named(body.Value!, request, members);
        return named.Refusal is { } refusal ? ErrorResponses.From(refusal) : await RemoveRows(named.Value!, request, grains, someMustExist: false);
    }

    private static async Task<IResult> RemoveByQuery(string? groupId, string? userId, ApiRequest request, GroupMembers members, IGrainFactory grains)
    {
        var errors = new Errors("groupId");
        if (!Guid.TryParse(groupId, out var group)) errors.AddField("groupId", groupId is null ? "missing" : "couldNotConvert", "The [groupId] must be the Id of a group.");
        var user = Guid.Empty;
        if (userId is not null && !Guid.TryParse(userId, out user)) errors.AddField("userId", "couldNotConvert", "The [userId] must be the Id of a user.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (MemberRequest.FindGroup(group, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var held = await members.Of(group, request.Http.RequestAborted);
        return await RemoveRows([.. held.Where(m => userId is null || m.UserId == user)], request, grains, someMustExist: userId is not null);
    }

    /// <summary>The members that a body names, by their own ids or by group and user; those that are gone already are left out.</summary>
    private static async Task<Outcome<List<GroupMemberRow>>> Named(JsonObject body, ApiRequest request, GroupMembers members)
    {
        var stop = request.Http.RequestAborted;
        if (body["memberIds"] is { } memberIds)
            return Ids(memberIds) is { } ids ? (await members.Find(ids, stop)).ToList() : NotIds("memberIds");
        var groups = MemberRequest.ByGroup(body, request);
        if (groups.Refusal is { } refusal) return refusal;
        var found = new List<GroupMemberRow>();
        foreach (var (group, list) in groups.Value!)
        {
            if (Ids(list) is not { } users) return NotIds("members");
            found.AddRange((await members.Of(group.Id, stop)).Where(m => users.Contains(m.UserId)));
        }

        return found;
    }

    private static HashSet<Guid>? Ids(JsonNode node)
    {
        var ids = new HashSet<Guid>();
        if (node is not JsonArray list) return null;
        foreach (var item in list)
        {
            if (item is not JsonValue value || !value.TryGetValue<string>(out var text) || !Guid.TryParse(text, out var id)) return null;
            ids.Add(id);
        }

        return ids;
    }

    private static Refusal NotIds(string field) => Refusal.Invalid(ContractError.At(field, "couldNotConvert", $"The [{field}] must be lists of UUIDs."));

    private static async Task<IResult> RemoveRows(IReadOnlyList<GroupMemberRow> rows, ApiRequest request, IGrainFactory grains, bool someMustExist)
    {
        var visible = rows.Where(m => request.Sees(m.TenantId)).ToList();
        if (someMustExist && visible.Count == 0) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var change = new MemberChange();
        foreach (var member in visible) change.Leave(member.TenantId, member.UserId, member.Id);
        return (await change.Run(grains, request.Actor)).Answer(_ => ContractResults.Empty);
    }

    private static async Task<IResult> Search(Outcome<ConfigurationSearch> asked, ApiRequest request, GroupMembers members)
    {
        if (asked.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var search = asked.Value!;
        var order = search.OrderBy == ConfigurationSearch.DefaultOrder ? "insertInstant" : search.OrderBy;
        var errors = new Errors("search");
        if (!GroupMembers.CanOrderBy(order)) errors.Add("orderBy", "invalid", "The [search.orderBy] is groupId, id, insertInstant or userId, followed by ASC or DESC.");
        var (group, user, tenant) = (Criterion(search, "groupId", errors), Criterion(search, "userId", errors), Criterion(search, "tenantId", errors));
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        // Two tenants, one asked for and one allowed, have no member in common.
        var none = request.TenantScope is { } scope && tenant is { } wanted && wanted != scope;
        var (page, total) = none ? ([], 0) : await members.Search(
            new GroupMemberCriteria(request.TenantScope ?? tenant, group, user), order, search.Descending, search.StartRow, search.NumberOfResults, request.Http.RequestAborted);
        return ContractResults.Json(new JsonObject { ["members"] = new JsonArray([.. page.Select(Show)]), ["total"] = total });
    }

    private static Guid? Criterion(ConfigurationSearch search, string name, Errors errors)
    {
        if (search.Criteria.FirstOrDefault(c => c.Member == name).Value is not { } text) return null;
        if (Guid.TryParse(text, out var id)) return id;
        errors.Add(name, "couldNotConvert", $"The [search.{name}] must be a UUID.");
        return null;
    }

    private static JsonObject Show(GroupMemberRow row)
    {
        var shown = new JsonObject { ["groupId"] = row.GroupId, ["id"] = row.Id, ["insertInstant"] = row.InsertInstant, ["userId"] = row.UserId };
        if (row.Data is { } data) shown["data"] = JsonNode.Parse(data);
        return shown;
    }
}
