using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Entities;
using OrleansAuth.Storage.Users.Search;
using OrleansAuth.Users;

namespace OrleansAuth.Entities;

/// <summary>Search among entities, in the language of the search among users. What was acknowledged is found at once, so there is nothing to flush.</summary>
internal static class EntitySearchEndpoints
{
    private const string Path = "/api/entity/search";

    /// <summary>Rows that can be reached by counting; <c>nextResults</c> reaches all.</summary>
    private const int Window = 10_000;

    public static void MapEntitySearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (ApiRequest request, EntityQueries entities, UserSearchToken tokens) =>
        {
            var search = UserSearchEndpoints.FromQuery(request.Http.Request.Query);
            if (request.Http.Request.Query["orderBy"] is [{ } order, ..]) search["orderBy"] = order;
            return Run(search, request, entities, tokens);
        }).Allow(ApiAccess.Key);
        routes.MapPost(Path, async (ApiRequest request, EntityQueries entities, UserSearchToken tokens) =>
        {
            var body = await RequestBody.ReadObject(request.Http);
            if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
            return body.Value!["search"] is null or JsonObject
                ? await Run(body.Value["search"] as JsonObject ?? [], request, entities, tokens)
                : ErrorResponses.From(Refusal.Invalid(ContractError.At("search", "couldNotConvert", "The [search] must be a JSON object.")));
        }).Allow(ApiAccess.Key);
        routes.MapPut(Path, () => ContractResults.Empty).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Run(JsonObject search, ApiRequest request, EntityQueries entities, UserSearchToken tokens)
    {
        var errors = new Errors("search");
        var wanted = UserSearchReading.Read(search, request.TenantId, errors);
        if (wanted.Sort.IsEmpty && search.Text("orderBy", errors) is { Length: > 0 } order) wanted = wanted with { Sort = [Order(order, errors)] };
        var position = new UserSearchPosition(Number(search, "startRow", 0, errors), null, null);
        var count = Number(search, "numberOfResults", wanted.Ids is { } ids ? Math.Max(25, ids.Length) : 25, errors);
        var exact = search.Flag("accurateTotal", errors);
        if (position.Skip + count > Window) errors.Add("startRow", "invalid", $"Only the first {Window} rows can be reached by [search.startRow]; go on with [search.nextResults].");
        if (search.Text("nextResults", errors) is { Length: > 0 } token)
        {
            if (tokens.Read(token) is not { } next || next.Request.TenantId != wanted.TenantId) errors.Add("nextResults", "invalid", "The [search.nextResults] is not one that this server gave for this tenant.");
            else (wanted, position) = next;
        }

        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        try
        {
            var total = await entities.Count(wanted, exact, request.Http.RequestAborted);
            var (page, next) = await entities.Search(wanted, position, count, request.Http.RequestAborted);
            var answer = new JsonObject { ["entities"] = new JsonArray([.. page.Select(e => EntityDisplay.Show(e, request.Snapshot, withSecret: false))]), ["total"] = total };
            if (next is not null) answer["nextResults"] = tokens.Write(wanted, next);
            return ContractResults.Json(answer);
        }
        catch (UserQueryException error)
        {
            return ErrorResponses.From(UserSearchReading.Refused(search, error));
        }
    }

    /// <summary>A column, followed by ASC or DESC.</summary>
    private static UserSort Order(string order, Errors errors)
    {
        var words = order.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2 || (words.Length == 2 && words[1].ToUpperInvariant() is not ("ASC" or "DESC")))
            errors.Add("orderBy", "invalid", "The [search.orderBy] is a column, followed by ASC or DESC.");
        return new UserSort(words.FirstOrDefault() ?? "", words.Length == 2 && words[1].Equals("DESC", StringComparison.OrdinalIgnoreCase));
    }

    private static int Number(JsonObject search, string name, int otherwise, Errors errors)
    {
        if (search.Number(name, errors) is not { } value) return otherwise;
        errors.InRange(value, name, 0, Window);
        return (int)Math.Clamp(value, 0, Window);
    }
}
