using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;

namespace OrleansAuth.Tokens;

/// <summary>
/// Takes over refresh tokens of another system, of any form. The request is checked as a whole before anything is stored;
/// what only the store can refuse (a taken id or token, an unknown user) leaves the others imported.
/// </summary>
internal static class RefreshTokenImport
{
    /// <summary>How many are stored at once: they share commits.</summary>
    private const int Batch = 64;

    public static void MapRefreshTokenImport(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/user/refresh-token/import", Import).Allow(ApiAccess.Key);

    private static async Task<IResult> Import(ApiRequest request, IGrainFactory grains, Clock clock)
    {
        var body = await RequestBody.ReadObject(request.Http, RequestBody.ImportLimit);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var tenantId = request.RequireTenant();
        if (tenantId.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);
        var errors = new Errors("refreshTokens");
        if (body.Value!["refreshTokens"] is not JsonArray { Count: > 0 } list)
        {
            errors.AddField("refreshTokens", "empty", "The [refreshTokens] must have at least one refresh token.");
            return ErrorResponses.From(errors.Refusal);
        }

        var commands = list.Select(item => Read(item as JsonObject ?? [], request, clock, errors)).ToList();
        if (commands.Select(c => c.Command.Token).Distinct().Count() < commands.Count) errors.Add("token", "duplicate", "The request has a token twice.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        foreach (var batch in commands.Chunk(Batch))
        {
            var outcomes = await Task.WhenAll(batch.Select(c => grains.Session(tenantId.Value, c.Id).Import(c.Command)));
            if (outcomes.FirstOrDefault(o => o.Refusal is not null)?.Refusal is { } refusal) return ErrorResponses.From(refusal);
        }

        return ContractResults.Empty;
    }

    private static (Guid Id, ImportSession Command) Read(JsonObject item, ApiRequest request, Clock clock, Errors errors)
    {
        var token = item.Text("token", errors);
        errors.Required(token, "token", PresentedToken.Longest);
        var userId = item.Id("userId", errors);
        if (userId is null) errors.Add("userId", "blank", "The [refreshTokens.userId] must not be blank.");
        return (item.Id("id", errors) ?? Guid.CreateVersion7(clock.UtcNow), new ImportSession(
            userId ?? default,
            item.Id("applicationId", errors),
            token ?? "",
            item.Number("insertInstant", errors),
            item.Number("startInstant", errors),
            item["metaData"] is JsonObject metaData ? JsonText.From(metaData) : null,
            item["data"] is JsonObject data ? JsonText.From(data) : null,
            request.Actor));
    }
}
