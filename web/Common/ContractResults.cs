using System.Text.Json.Nodes;

namespace OrleansAuth.Common;

/// <summary>Successful answers of the API.</summary>
internal static class ContractResults
{
    public static IResult Json(JsonObject body, int status = StatusCodes.Status200OK) => Results.Json(body, ContractJson.Options, statusCode: status);

    /// <summary>One object under its name.</summary>
    public static IResult Wrapped(string name, JsonNode value) => Json(new JsonObject { [name] = value });

    /// <summary>200 without a body.</summary>
    public static IResult Empty => Results.StatusCode(StatusCodes.Status200OK);

    /// <summary>The value as the handler shows it, or the refusal as HTTP.</summary>
    public static IResult Answer<T>(this Outcome<T> outcome, Func<T, IResult> show) =>
        outcome.Refusal is { } refusal ? ErrorResponses.From(refusal) : show(outcome.Value!);
}
