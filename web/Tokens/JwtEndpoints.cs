using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.Tokens;

/// <summary>Access tokens by API: refreshing, validating, exchanging them.</summary>
internal static class JwtEndpoints
{
    private static readonly Refusal Invalid = Refusal.Invalid(ContractError.At("refreshToken", "invalid", "The refresh token is not valid."));

    /// <summary>Longer texts are no access tokens of ours. In characters.</summary>
    private const int LongestOriginal = 16_384;

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/jwt/refresh", Refresh).Allow(ApiAccess.Anyone);
        routes.MapGet("/api/jwt/validate", Validate).Allow(ApiAccess.Anyone);
        routes.MapGet("/api/jwt/issue", Issue).Allow(ApiAccess.Token);
    }

    /// <summary>A new access token for a refresh token. Whatever is wrong with that one, the answer is the same 400.</summary>
    private static async Task<IResult> Refresh(ApiRequest request, IGrainFactory grains, SessionReader sessions, TokenIssuer issuer)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var token = TokenCookies.RefreshToken(request.Http) ?? sent.Text("refreshToken", errors);
        var (original, lifetime) = (sent.Text("token", errors), sent.Number("timeToLiveInSeconds", errors));
        if (lifetime < 1) errors.AddField("timeToLiveInSeconds", "invalid", "The [timeToLiveInSeconds] must be at least 1.");
        if (string.IsNullOrWhiteSpace(token) && !errors.Any) errors.AddField("refreshToken", "blank", "The [refreshToken] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await PresentedToken.Find(token, request, grains, sessions) is not { } session)
        {
            TokenMetrics.CountUnknownRefresh();
            return ErrorResponses.From(Invalid);
        }

        var outcome = (await session.Refresh(new RefreshSession(token!, request.Actor) { ThroughApi = true, Original = original is { Length: <= LongestOriginal } ? original : null })).CountRefresh();
        if (outcome.Value is not { } refreshed) return ErrorResponses.From(outcome.Refusal!);
        var issued = issuer.Issue(request.Snapshot, new AccessTokenRequest(refreshed.Subject, refreshed.ApplicationId, AuthenticationTypes.RefreshToken)
        {
            SessionId = refreshed.SessionId,
            SignedIn = refreshed.Started,
            Lifetime = lifetime,
            Scope = refreshed.Grant?.Scope,
            Resources = refreshed.Grant?.Resources ?? [],
            GrantType = OAuth.GrantTypes.RefreshToken,
        });
        return issued.Answer(access =>
        {
            TokenCookies.Set(request.Http, request.Snapshot, refreshed.Subject.TenantId, refreshed.ApplicationId, access.Token, refreshed.Token);
            return ContractResults.Json(new JsonObject { ["refreshToken"] = refreshed.Token, ["refreshTokenId"] = refreshed.SessionId, ["token"] = access.Token });
        });
    }

    /// <summary>The claims of a token that is good, also of one whose claims were chosen by <c>/api/jwt/vend</c>.</summary>
    private static IResult Validate(ApiRequest request, TokenVerifier verifier)
    {
        var token = Presented(request.Http);
        if (token is null || verifier.VerifyForShow(token, request.Snapshot) is not { } claims) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
        if (!claims.TryGetProperty("tid", out var tenant) || !request.Sees(tenant.GetGuid())) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
        return new ClaimsAnswer(claims);
    }

    /// <summary>
    /// Lets a user with a token of one application have one of another, up to the end of the first one's life; with a refresh
    /// token, also a refresh token of the other.
    /// </summary>
    private static async Task<IResult> Issue(Guid? applicationId, string? refreshToken, ApiRequest request, IGrainFactory grains, SessionReader sessions, TokenIssuer issuer)
    {
        var token = request.Token!;
        if (!request.Sees(token.TenantId)) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
        if (request.Snapshot.Find<Application>(applicationId) is not { } application || (application.TenantId ?? token.TenantId) != token.TenantId)
        {
            return ErrorResponses.From(Refusal.Invalid(applicationId is null
                ? ContractError.At("applicationId", "blank", "The [applicationId] must not be blank.")
                : ContractError.At("applicationId", "invalid", $"There is no application with the Id [{applicationId}].")));
        }

        // The user may have lost the right to log in since the token was made.
        var subject = await grains.User(token.TenantId, token.UserId).Subject(new ReadSubject(application.Id, null));
        if (subject.Value is not { } known) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
        if (issuer.KeyFor(request.Snapshot, token.TenantId, application.Id).Refusal is { } noKey) return ErrorResponses.From(noKey);
        var opened = await OpenBeside(refreshToken, known, application, request, grains, sessions);
        if (opened.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var issued = issuer.Issue(request.Snapshot, new AccessTokenRequest(known, application.Id, AuthenticationTypes.JwtSso)
        {
            SessionId = opened.Value?.SessionId,
            SignedIn = token.Claims.TryGetProperty("auth_time", out var signedIn) && signedIn.TryGetInt64Safely(out var seconds) ? seconds * 1000 : null,
            Expires = token.Claims.GetProperty("exp").GetInt64(),
            // What was bound to a key stays bound to it.
            Thumbprint = token.Thumbprint,
        });
        return issued.Answer(next =>
        {
            var answer = new JsonObject { ["token"] = next.Token };
            if (opened.Value is { } session) answer["refreshToken"] = session.Token;
            return ContractResults.Json(answer, known.Registered ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
        });
    }

    /// <summary>A session beside the one whose token the user shows, which stays as it is. None without a token, or where the application has none.</summary>
    private static async Task<Outcome<OpenedSession>> OpenBeside(
        string? refreshToken, TokenSubject user, Application application, ApiRequest request, IGrainFactory grains, SessionReader sessions)
    {
        if (string.IsNullOrEmpty(refreshToken)) return new Outcome<OpenedSession>();
        if (await PresentedToken.Find(refreshToken, request, grains, sessions) is not { } given) return Invalid;
        var found = await given.Check(new CheckSession(refreshToken, user.UserId));
        if (found.Value is not { } good) return found.Refusal!;
        if (!user.Registered || !application.LoginConfiguration.GenerateRefreshTokens) return new Outcome<OpenedSession>();
        var login = await grains.User(user.TenantId, user.UserId).Ping(new PingLogin(application.Id, request.Actor) { Beside = good });
        return new Outcome<OpenedSession> { Value = login.Value?.Session, Refusal = login.Refusal };
    }

    private static string? Presented(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : http.Request.Cookies["access_token"];
    }
}
