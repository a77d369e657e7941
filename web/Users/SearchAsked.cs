using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users.Search;

namespace OrleansAuth.Users;

/// <summary>What a search among users or entities asks for: which of them, from where on, and how many.</summary>
/// <param name="Exact">The total is counted to its end.</param>
internal sealed record SearchAsked(UserSearchRequest Wanted, UserSearchPosition Position, int Count, bool Exact)
{
    /// <summary>Rows that can be reached by counting; <c>nextResults</c> reaches all.</summary>
    private const int Window = 10_000;

    private const int Usual = 25;

    /// <param name="sort">The order where the search names none in <c>sortFields</c>.</param>
    public static SearchAsked Read(JsonObject search, ApiRequest request, UserSearchToken tokens, Errors errors, Func<Errors, UserSort?>? sort = null)
    {
        var wanted = UserSearchReading.Read(search, request.TenantId, errors);
        if (wanted.Sort.IsEmpty && sort?.Invoke(errors) is { } order) wanted = wanted with { Sort = [order] };
        var position = new UserSearchPosition(Number(search, "startRow", 0, errors), null, null);
        var count = Number(search, "numberOfResults", wanted.Ids is { } ids ? Math.Max(Usual, ids.Length) : Usual, errors);
        if (position.Skip + count > Window) errors.Add("startRow", "invalid", $"Only the first {Window} rows can be reached by [search.startRow]; go on with [search.nextResults].");
        if (search.Text("nextResults", errors) is { Length: > 0 } token)
        {
            if (tokens.Read(token) is not { } next || next.Request.TenantId != wanted.TenantId) errors.Add("nextResults", "invalid", "The [search.nextResults] is not one that this server gave for this tenant.");
            else (wanted, position) = next;
        }

        return new SearchAsked(wanted, position, count, search.Flag("accurateTotal", errors));
    }

    /// <summary>The member <c>search</c> of a request's body; empty where it has none.</summary>
    public static async Task<Outcome<JsonObject>> ReadBody(ApiRequest request)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return malformed;
        return body.Value!["search"] is null or JsonObject
            ? body.Value["search"] as JsonObject ?? []
            : Refusal.Invalid(ContractError.At("search", "couldNotConvert", "The [search] must be a JSON object."));
    }

    private static int Number(JsonObject search, string name, int otherwise, Errors errors)
    {
        if (search.Number(name, errors) is not { } value) return otherwise;
        errors.InRange(value, name, 0, Window);
        return (int)Math.Clamp(value, 0, Window);
    }
}
