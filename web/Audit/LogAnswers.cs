using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Audit;

namespace OrleansAuth.Audit;

/// <summary>How pages of logs are asked for and answered, the same for each.</summary>
internal static class LogAnswers
{
    /// <summary>GET and POST of a search.</summary>
    public static void MapLogSearch(this IEndpointRouteBuilder routes, string path, Func<LogSearch, ApiRequest, Task<IResult>> search)
    {
        routes.MapGet(path, (ApiRequest request) => search(LogSearch.FromQuery(request.Http), request)).Allow(ApiAccess.Key);
        routes.MapPost(path, async (ApiRequest request) =>
        {
            var body = await RequestBody.ReadObject(request.Http);
            if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
            var read = LogSearch.FromBody(body.Value!, "search");
            return read.Refusal is { } refusal ? ErrorResponses.From(refusal) : await search(read.Value!, request);
        }).Allow(ApiAccess.Key);
    }

    /// <summary>A page; <c>searched</c> says which part of the log was looked at, where it was not all of it.</summary>
    public static IResult Page<T>(string plural, LogPage<T> page, Func<T, JsonObject> show)
    {
        var answer = new JsonObject { [plural] = new JsonArray([.. page.Rows.Select(show)]), ["total"] = page.Total };
        if (page.Looked is { } looked) answer["searched"] = new JsonObject { ["start"] = looked.Start, ["end"] = looked.End };
        return ContractResults.Json(answer);
    }

    /// <summary>The number of an entry, or null for what is none.</summary>
    public static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>JSON of a row; a text where it is none, which an earlier version may have written.</summary>
    public static JsonNode? Json(string? text)
    {
        if (text is null) return null;
        try
        {
            return JsonNode.Parse(text, documentOptions: ContractJson.DocumentOptions);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>Sets a member unless there is no value.</summary>
    public static void Set(this JsonObject shown, string name, JsonNode? value)
    {
        if (value is not null) shown[name] = value;
    }
}
