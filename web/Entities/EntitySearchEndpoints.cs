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
            var search = await SearchAsked.ReadBody(request);
            return search.Value is { } sent ? await Run(sent, request, entities, tokens) : ErrorResponses.From(search.Refusal!);
        }).Allow(ApiAccess.Key);
        routes.MapPut(Path, () => ContractResults.Empty).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Run(JsonObject search, ApiRequest request, EntityQueries entities, UserSearchToken tokens)
    {
        var errors = new Errors("search");
        var (wanted, position, count, exact) = SearchAsked.Read(search, request, tokens, errors, found => search.Text("orderBy", found) is { Length: > 0 } order ? Order(order, found) : null);
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
}
