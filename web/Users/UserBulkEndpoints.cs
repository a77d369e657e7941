using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Users.Search;

namespace OrleansAuth.Users;

/// <summary>Many users at once: import, and deactivating or deleting what a search finds.</summary>
internal static class UserBulkEndpoints
{
    private const int UsualLimit = 10_000;
    private const int AtOnce = 16;

    public static void MapUserBulk(this IEndpointRouteBuilder routes)
    {
        routes.MapDelete("/api/user/bulk", Remove).Allow(ApiAccess.Key);
        routes.MapPost("/api/user/import", Import).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Import(ApiRequest request, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http, RequestBody.ImportLimit);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors("users");
        var (scheme, factor) = (body.Value!.Text("encryptionScheme", errors), body.Value!.Number("factor", errors));
        if (body.Value!["users"] is not JsonArray { Count: > 0 } users)
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("users", body.Value["users"] is null ? "missing" : "empty", "The [users] must be a list of at least one user.")));
        if (factor is < int.MinValue or > int.MaxValue) errors.AddField("factor", "invalid", "The [factor] is out of range.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var tenant = request.RequireTenant();
        if (tenant.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);
        var outcome = await grains.UserImport(tenant.Value, Guid.CreateVersion7()).Import(new ImportUsers(JsonText.From(users), scheme, (int?)factor, request.Actor));
        return outcome.Answer(_ => ContractResults.Empty);
    }

    private static async Task<IResult> Remove(ApiRequest request, IGrainFactory grains, UserQueries users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var sent = WithQuery(body.Value!, request.Http.Request.Query);
        var errors = new Errors("");
        var (dryRun, hard, limit) = (sent.Flag("dryRun", errors), sent.Flag("hardDelete", errors), sent.Number("limit", errors) ?? UsualLimit);
        var wanted = new UserSearchRequest(request.TenantId, UserSearchReading.Ids(sent, "userIds", errors), sent.Text("query", errors), sent.Text("queryString", errors), []);
        if (limit is < 0 or > UsualLimit) errors.AddField("limit", "invalid", $"The [limit] must be from 0 to {UsualLimit}.");
        if (wanted is { Ids: null, Query: null, QueryString: null }) errors.AddField("userIds", "missing", "The request needs [userIds], a [query] or a [queryString].");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        try
        {
            var found = await users.Ids(wanted, (int)limit, request.Http.RequestAborted);
            return dryRun ? Answer(found.Select(u => u.Id), dryRun, hard) : await RemoveAll(found, hard, request, grains);
        }
        catch (UserQueryException error)
        {
            return ErrorResponses.From(Refusal.Invalid(ContractError.At(wanted.Query is null ? "queryString" : "query", "invalid", error.Message)));
        }
    }

    private static async Task<IResult> RemoveAll(IReadOnlyList<(Guid Id, Guid TenantId)> found, bool hard, ApiRequest request, IGrainFactory grains)
    {
        var removed = new ConcurrentBag<Guid>();
        await Parallel.ForEachAsync(found, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (user, _) =>
        {
            var outcome = await grains.User(user.TenantId, user.Id).Remove(new RemoveUser(hard, request.Actor));
            if (outcome.Refusal is null) removed.Add(user.Id);
        });
        return Answer(removed, dryRun: false, hard);
    }

    private static IResult Answer(IEnumerable<Guid> ids, bool dryRun, bool hard)
    {
        var list = ids.Order().Select(id => (JsonNode)id).ToArray();
        return ContractResults.Json(new JsonObject { ["dryRun"] = dryRun, ["hardDelete"] = hard, ["total"] = list.Length, ["userIds"] = new JsonArray(list) });
    }

    /// <summary>The body, and what the query says beside it.</summary>
    private static JsonObject WithQuery(JsonObject body, IQueryCollection query)
    {
        if (body["userIds"] is null && query["userId"] is { Count: > 0 } ids) body["userIds"] = new JsonArray([.. ids.Select(id => (JsonNode)id!)]);
        foreach (var name in (string[])["query", "queryString"])
            if (body[name] is null && query[name] is [{ } text, ..]) body[name] = text;
        foreach (var name in (string[])["dryRun", "hardDelete"])
            if (body[name] is null && query[name] is [{ } flag, ..]) body[name] = flag == "true";
        if (body["limit"] is null && query["limit"] is [{ } limit, ..])
            body["limit"] = long.TryParse(limit, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : limit;
        return body;
    }
}
