using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Users.Search;

namespace OrleansAuth.Users;

/// <summary>Search among users. What was acknowledged is found at once, so there is nothing to flush.</summary>
internal static class UserSearchEndpoints
{
    private const string Path = "/api/user/search";

    public static void MapUserSearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (ApiRequest request, UserQueries users, UserSearchToken tokens) => Run(FromQuery(request.Http.Request.Query), request, users, tokens)).Allow(ApiAccess.Key);
        routes.MapPost(Path, async (ApiRequest request, UserQueries users, UserSearchToken tokens) =>
        {
            var search = await SearchAsked.ReadBody(request);
            return search.Value is { } sent ? await Run(sent, request, users, tokens) : ErrorResponses.From(search.Refusal!);
        }).Allow(ApiAccess.Key);
        routes.MapPut(Path, () => ContractResults.Empty).Allow(ApiAccess.Key);
    }

    internal static JsonObject FromQuery(IQueryCollection query)
    {
        var search = new JsonObject();
        foreach (var name in (string[])["query", "queryString", "nextResults"])
            if (query[name] is [{ } text, ..]) search[name] = text;
        foreach (var name in (string[])["numberOfResults", "startRow"])
            if (query[name] is [{ } text, ..]) search[name] = long.TryParse(text, out var number) ? number : text;
        if (query["accurateTotal"] is [{ } exact, ..]) search["accurateTotal"] = exact == "true";
        if (query["ids"] is { Count: > 0 } ids) search["ids"] = new JsonArray([.. ids.SelectMany(id => id!.Split(',')).Select(id => (JsonNode)id)]);
        if (query["sortFields"] is { Count: > 0 } fields) search["sortFields"] = new JsonArray([.. fields.Select(f => (JsonNode)new JsonObject { ["name"] = f })]);
        return search;
    }

    private static async Task<IResult> Run(JsonObject search, ApiRequest request, UserQueries users, UserSearchToken tokens)
    {
        var errors = new Errors("search");
        var (wanted, position, count, exact) = SearchAsked.Read(search, request, tokens, errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        try
        {
            var few = await users.Narrow(wanted, request.Http.RequestAborted);
            var total = few is null ? await users.Count(wanted, exact, request.Http.RequestAborted) : few.Ids!.Value.Length;
            var page = await users.Search(few ?? wanted, position, count, request.Http.RequestAborted);
            var answer = new JsonObject { ["total"] = total, ["users"] = new JsonArray([.. page.Users.Select(user => UserLookup.Show(user, request))]) };
            if (page.Next is { } next) answer["nextResults"] = tokens.Write(wanted, next);
            return ContractResults.Json(answer);
        }
        catch (UserQueryException error)
        {
            return ErrorResponses.From(UserSearchReading.Refused(search, error));
        }
    }
}

/// <summary>Reads what users are searched for, for searches and for deleting what a search finds.</summary>
internal static class UserSearchReading
{
    private const int MostIds = 10_000;

    public static UserSearchRequest Read(JsonObject search, Guid? tenantId, Errors errors) => new(
        tenantId, Ids(search, "ids", errors), search.Text("query", errors), search.Text("queryString", errors), Sort(search, errors));

    public static ImmutableArray<Guid>? Ids(JsonObject search, string name, Errors errors)
    {
        if (search[name] is not { } node) return null;
        if (node is JsonArray { Count: <= MostIds } list)
        {
            var ids = list.Select(item => item is JsonValue value && value.TryGetValue<string>(out var text) && Guid.TryParse(text, out var id) ? id : (Guid?)null).ToList();
            if (ids.All(id => id is not null)) return [.. ids.Select(id => id!.Value)];
        }

        errors.Add(name, "couldNotConvert", $"The [{name}] must be a list of at most {MostIds} UUIDs.");
        return null;
    }

    public static Refusal Refused(JsonObject search, UserQueryException error)
    {
        var field = search["query"] is not null ? "query" : search["queryString"] is not null ? "queryString" : "sortFields";
        return Refusal.Invalid(ContractError.At($"search.{field}", "invalid", error.Message));
    }

    private static ImmutableArray<UserSort> Sort(JsonObject search, Errors errors)
    {
        if (search["sortFields"] is not { } node) return [];
        if (node is JsonArray list && list.All(item => item is JsonObject))
            return [.. list.Cast<JsonObject>().Select(item => new UserSort(
                item.Text("name", errors) ?? "", string.Equals(item.Text("order", errors), "desc", StringComparison.OrdinalIgnoreCase)))];
        errors.Add("sortFields", "couldNotConvert", "The [search.sortFields] must be a list of objects with [name] and [order].");
        return [];
    }
}
