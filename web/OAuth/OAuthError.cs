using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.OAuth;

/// <summary>A refusal of the protocol: an error of RFC 6749, section 5.2, or of a later RFC, as a JSON answer that no cache keeps.</summary>
/// <param name="Error">The RFC's name. Programs act on it; it never changes.</param>
/// <param name="Description">For developers. It never repeats a secret, nor what was sent.</param>
internal sealed record OAuthError(string Error, string Description) : IResult
{
    /// <summary>The contract's <c>error_reason</c>: finer than the RFC's name, for programs.</summary>
    public string? Reason { get; init; }

    public int Status { get; init; } = StatusCodes.Status400BadRequest;

    /// <summary>The value of <c>WWW-Authenticate</c>, where the status is 401.</summary>
    public string? Challenge { get; init; }

    /// <summary>More members of the body, as the contract has them for some errors.</summary>
    public JsonObject? More { get; init; }

    /// <summary>How long to wait before trying again, in seconds.</summary>
    public int? RetryAfter { get; init; }

    public static OAuthError InvalidRequest(string description, string? reason = null) => new("invalid_request", description) { Reason = reason };

    public static OAuthError InvalidGrant(string description, string? reason = null) => new("invalid_grant", description) { Reason = reason };

    public static OAuthError InvalidScope(string description, string? reason = null) => new("invalid_scope", description) { Reason = reason };

    public static OAuthError InvalidTarget(string description) => new("invalid_target", description);

    public static OAuthError UnauthorizedClient(string description, string? reason = null) => new("unauthorized_client", description) { Reason = reason };

    public static OAuthError AccessDenied(string description, string? reason = null) => new("access_denied", description) { Reason = reason };

    /// <summary>The client could not be authenticated (RFC 6749, section 5.2): 401, and a challenge for those who tried HTTP Basic.</summary>
    public static OAuthError InvalidClient(string reason) => new("invalid_client", "The client is unknown, or its authentication failed or is missing.")
    {
        Reason = reason,
        Status = StatusCodes.Status401Unauthorized,
        Challenge = "Basic realm=\"OrleansAuth\", charset=\"UTF-8\"",
    };

    /// <summary>What a grain refused for a reason that is not the protocol's.</summary>
    public static OAuthError From(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Busy => new OAuthError("temporarily_unavailable", "The server has too much to do right now. Try again after the time in the Retry-After header.")
        {
            Status = StatusCodes.Status429TooManyRequests,
            RetryAfter = Math.Max(1, (int)Math.Ceiling(refusal.RetryAfter?.TotalSeconds ?? 1)),
        },
        RefusalKind.Conflict => new OAuthError("temporarily_unavailable", "Somebody else used this at the same time. Try again.")
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            RetryAfter = 1,
        },
        // A veto and a receiver that did not answer are one outcome, and the second is no word about the user: 503, not access_denied.
        RefusalKind.Vetoed => new OAuthError("temporarily_unavailable", "One or more webhooks did not agree to this, or did not answer in time. Nothing was changed.")
        {
            Status = StatusCodes.Status503ServiceUnavailable,
        },
        RefusalKind.NotFound => InvalidGrant("The grant is not valid, or not valid any more.", "not_found"),
        _ => new OAuthError("server_error", refusal.Errors.FirstOrDefault()?.Message ?? "The server is not set up for this request."),
    };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var body = new JsonObject { ["error"] = Error, ["error_description"] = Description };
        if (Reason is not null) body["error_reason"] = Reason;
        foreach (var (name, value) in More ?? []) body[name] = value?.DeepClone();
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.Pragma = "no-cache";
        if (Challenge is not null) response.Headers.WWWAuthenticate = Challenge;
        if (RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return response.WriteAsJsonAsync(body, ContractJson.Options);
    }
}

/// <summary>A value, or the protocol's refusal.</summary>
internal readonly record struct OAuthOutcome<T>(T? Value, OAuthError? Error) where T : class
{
    public static implicit operator OAuthOutcome<T>(T value) => new(value, null);

    public static implicit operator OAuthOutcome<T>(OAuthError error) => new(null, error);
}
