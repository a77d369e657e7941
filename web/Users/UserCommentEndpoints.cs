using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>Notes of operators about users.</summary>
internal static class UserCommentEndpoints
{
    private const string Path = "/api/user/comment";
    private const int MaximumResults = 1_000;

    public static void MapUserComments(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, Create).Allow(ApiAccess.Key);
        routes.MapGet(Path + "/{userId:guid}", List).Allow(ApiAccess.Key);
        routes.MapGet(Path + "/search", (ApiRequest request, UserComments comments) =>
        {
            var search = new JsonObject();
            foreach (var (name, values) in request.Http.Request.Query)
                search[name] = long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : values.ToString();
            return Search(search, request, comments);
        }).Allow(ApiAccess.Key);
        routes.MapPost(Path + "/search", async (ApiRequest request, UserComments comments) =>
        {
            var body = await RequestBody.ReadObject(request.Http);
            return body.Refusal is { } malformed ? ErrorResponses.From(malformed) : await Search(body.Value!["search"] as JsonObject ?? [], request, comments);
        }).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Create(ApiRequest request, UserLookup users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var wrapped = body.Value!.Wrapped("userComment");
        if (wrapped.Refusal is { } missing) return ErrorResponses.From(missing);
        var errors = new Errors("userComment");
        var (userId, commenter, comment) = (wrapped.Value!.Id("userId", errors), wrapped.Value!.Id("commenterId", errors), wrapped.Value!.Text("comment", errors));
        if (userId is null && !errors.Any) errors.Add("userId", "missing", "The [userComment.userId] must name a user.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await users.Grain(userId!.Value, request) is not { } user)
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("userComment.userId", "invalid", "There is no user with this Id.")));
        return (await user.Comment(new CommentOnUser(commenter, comment ?? "", request.Actor))).Answer(view => ContractResults.Wrapped("userComment", Show(view)));
    }

    private static async Task<IResult> List(Guid userId, ApiRequest request, UserLookup users, UserComments comments)
    {
        if (await users.Find(userId, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var (page, _) = await comments.Search(new UserCommentCriteria(null, userId, null, null, 0, MaximumResults, Ascending: false), request.Http.RequestAborted);
        return ContractResults.Json(new JsonObject { ["userComments"] = new JsonArray([.. page.Select(Show)]) });
    }

    private static async Task<IResult> Search(JsonObject search, ApiRequest request, UserComments comments)
    {
        var errors = new Errors("search");
        var criteria = new UserCommentCriteria(
            request.TenantScope ?? search.Id("tenantId", errors), search.Id("userId", errors), search.Id("commenterId", errors),
            search.Text("comment", errors)?.Trim('*'), Number(search, "startRow", 0, int.MaxValue, errors), Number(search, "numberOfResults", 25, MaximumResults, errors),
            search.Text("orderBy", errors)?.EndsWith("ASC", StringComparison.OrdinalIgnoreCase) ?? false);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var (page, total) = await comments.Search(criteria, request.Http.RequestAborted);
        return ContractResults.Json(new JsonObject { ["total"] = total, ["userComments"] = new JsonArray([.. page.Select(Show)]) });
    }

    private static int Number(JsonObject search, string name, int otherwise, int maximum, Errors errors)
    {
        if (search.Number(name, errors) is not { } value) return otherwise;
        errors.InRange(value, name, 0, maximum);
        return (int)Math.Clamp(value, 0, maximum);
    }

    private static JsonObject Show(UserCommentView view)
    {
        var shown = new JsonObject { ["comment"] = view.Comment, ["id"] = view.Id, ["insertInstant"] = view.InsertInstant, ["userId"] = view.UserId };
        if (view.CommenterId is { } commenter) shown["commenterId"] = commenter;
        return shown;
    }
}
