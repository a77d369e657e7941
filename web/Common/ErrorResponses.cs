using System.Globalization;
using System.Text.Json.Nodes;

namespace OrleansAuth.Common;

/// <summary>The one table from refusals to HTTP, and the contract's error body.</summary>
internal static class ErrorResponses
{
    public static IResult From(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotFound => Empty(StatusCodes.Status404NotFound),
        RefusalKind.Forbidden => Empty(StatusCodes.Status401Unauthorized),
        RefusalKind.Conflict => new ErrorResult(StatusCodes.Status409Conflict, [ContractError.General(
            "[conflict]", "Somebody else changed this at the same time. Read it again and repeat the change.")]),
        RefusalKind.Busy => new ErrorResult(StatusCodes.Status429TooManyRequests, [ContractError.General(
            "[busy]", "The server has too much to do right now. Try again after the time in the Retry-After header.")], refusal.RetryAfter),
        RefusalKind.Vetoed => new ErrorResult(StatusCodes.Status504GatewayTimeout, [ContractError.General(
            "[WebhookTransactionException]", "One or more webhooks did not agree to this change, or did not answer in time. Nothing was changed.")]),
        _ => new ErrorResult(StatusCodes.Status400BadRequest, refusal.Errors),
    };

    /// <summary>A status without a body, as the contract has it for 401 and 404.</summary>
    public static IResult Empty(int status) => Results.StatusCode(status);

    public static IResult Invalid(string code, string message) => From(Refusal.Invalid(ContractError.General(code, message)));

    /// <summary>403: what was asked for is switched off by configuration, whoever asks.</summary>
    public static IResult Disabled(string code, string message) => new ErrorResult(StatusCodes.Status403Forbidden, [ContractError.General(code, message)]);

    /// <summary>The store is away: nothing was changed, and trying again helps.</summary>
    public static IResult Unavailable() => new ErrorResult(StatusCodes.Status503ServiceUnavailable, [ContractError.General(
        "[storeUnavailable]", "The server cannot reach its store right now. Try again after the time in the Retry-After header.")], TimeSpan.FromSeconds(2));

    /// <summary>Whoever had to do it did not answer in time, or a part of the cluster is away: nobody knows whether it was done.</summary>
    public static IResult Unknown() => new ErrorResult(StatusCodes.Status503ServiceUnavailable, [ContractError.General(
        "[timeout]", "The server took too long, and the change may have been made or not. Look before you repeat it.")], TimeSpan.FromSeconds(2));

    /// <summary>The start is not complete: nothing was looked at, and trying again helps.</summary>
    public static IResult Starting() => new ErrorResult(StatusCodes.Status503ServiceUnavailable, [ContractError.General(
        "[starting]", "The server is starting. Try again after the time in the Retry-After header.")], TimeSpan.FromSeconds(1));

    /// <summary>The contract's form of errors.</summary>
    public static JsonObject Body(IEnumerable<ContractError> errors)
    {
        var fields = new JsonObject();
        var general = new JsonArray();
        foreach (var error in errors)
        {
            var node = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
            if (error.Field is null)
                general.Add(node);
            else if (fields[error.Field] is JsonArray list)
                list.Add(node);
            else
                fields[error.Field] = new JsonArray(node);
        }

        var body = new JsonObject();
        if (fields.Count > 0) body["fieldErrors"] = fields;
        if (general.Count > 0) body["generalErrors"] = general;
        return body;
    }

    private sealed class ErrorResult(int status, IReadOnlyList<ContractError> errors, TimeSpan? retryAfter = null) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            if (retryAfter is { } wait)
                httpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return httpContext.Response.WriteAsJsonAsync(Body(errors), ContractJson.Options);
        }
    }
}
