using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Tokens;

namespace OrleansAuth.OAuth;

/// <summary>
/// Token revocation (RFC 7009). A refresh token ends with its session; so does an access token that came with one. What is
/// unknown is revoked already: the answer is 200.
/// </summary>
internal static class RevocationEndpoint
{
    public static void MapRevocation(this IEndpointRouteBuilder routes) => routes.MapPost("/oauth2/revoke", Revoke).Allow(ApiAccess.Anyone);

    private static async Task<IResult> Revoke(HttpContext http, ConfigurationReader configuration, TokenVerifier verifier, IGrainFactory grains, SessionReader sessions)
    {
        var read = await OAuthParameters.ReadForm(http);
        if (read.Value is not { } form) return read.Error!;
        var snapshot = configuration.Current;
        // Whoever holds a refresh token of a public client may end it: the token is the proof.
        var caller = ClientAuthentication.Authenticate(http, form, snapshot, usesProof: true);
        if (caller.Value is not { } client) return caller.Error!;
        if (form["token"] is not { } token) return OAuthError.InvalidRequest("The token is missing.", "missing_token");
        var actor = http.ActorNamed($"client {client.Client.Application.Name}");
        if (verifier.VerifyUnproved(token, snapshot) is { } access) return await RevokeAccess(access, client.Client, grains, actor);
        if (await PresentedToken.Find(token, client.Client.Tenant.Id, grains, sessions, http.RequestAborted) is not { } session) return Results.Ok();
        if (await session.Read() is { } view && view.ApplicationId == client.Client.Application.Id) await session.Revoke(new RevokeSession(actor) { Token = token });
        return Results.Ok();
    }

    private static async Task<IResult> RevokeAccess(AccessToken access, OAuthClient client, IGrainFactory grains, Actor actor)
    {
        var claims = access.Claims;
        if (access.TenantId != client.Tenant.Id || !claims.TryGetProperty("sid", out var sid) || !sid.TryGetGuid(out var sessionId)) return Unsupported;
        var session = grains.Session(access.TenantId, sessionId);
        if (await session.Read() is not { } view || view.ApplicationId != client.Application.Id || view.UserId != access.UserId) return Unsupported;
        await session.Revoke(new RevokeSession(actor));
        return Results.Ok();
    }

    /// <summary>A token that stands for itself ends by its time only (section 2.2.1).</summary>
    private static OAuthError Unsupported { get; } = new("unsupported_token_type", "This access token has no session that could be ended; it ends by itself.");
}
