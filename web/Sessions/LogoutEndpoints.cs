using OrleansAuth.Common;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <summary>Logout. Whatever was sent, the answer is 200 and the cookies are gone.</summary>
internal static class LogoutEndpoints
{
    public static void MapLogout(this IEndpointRouteBuilder routes) => routes.MapPost("/api/logout", LogOut).Allow(ApiAccess.Anyone);

    private static async Task<IResult> LogOut(ApiRequest request, IGrainFactory grains, SessionReader sessions)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var query = request.Http.Request.Query;
        var token = sent.Text("refreshToken", errors) ?? query["refreshToken"].FirstOrDefault() ?? TokenCookies.RefreshToken(request.Http);
        var global = sent.Flag("global", errors, query["global"] == "true");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        TokenCookies.Clear(request.Http);
        if (await PresentedToken.Find(token, request, grains, sessions) is not { } session) return ContractResults.Empty;

        // The token proves whose session it is; only then may it end the others.
        var ended = await session.Revoke(new RevokeSession(request.Actor) { Token = token });
        if (global && ended.Value is { } view) await grains.User(view.TenantId, view.UserId).RevokeSessions(new RevokeUserSessions(null, request.Actor));
        return ContractResults.Empty;
    }
}
