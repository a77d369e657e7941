using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.OAuth;

/// <summary>The userinfo endpoint (OpenID Connect Core, section 5.3): who the access token's user is, as far as its scopes let it say.</summary>
internal static class UserInfoEndpoint
{
    public static void MapUserInfo(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/oauth2/userinfo", UserInfo).Allow(ApiAccess.Anyone);
        routes.MapPost("/oauth2/userinfo", UserInfo).Allow(ApiAccess.Anyone);
    }

    private static async Task<IResult> UserInfo(HttpContext http, ConfigurationReader configuration, TokenVerifier verifier, DpopProofs proofs, IGrainFactory grains)
    {
        var presented = await BearerTokens.Read(http);
        if (presented.Value is not { } shown) return presented.Error!;
        var snapshot = configuration.Current;
        if (verifier.VerifyUnproved(shown.Token, snapshot) is not { ApplicationOfAudience: { } application } access) return BearerTokens.Invalid;
        if (await BearerTokens.CheckProof(http, proofs, shown, access) is { } unproved) return unproved;
        var scopes = ScopeList.Parse(access.Claims.TryGetProperty("scope", out var text) ? text.GetString() : null);
        if (application.OauthConfiguration.ScopeHandlingPolicy == OAuthScopeHandlingPolicy.Strict && !scopes.Contains(Scopes.OpenId)) return BearerTokens.InsufficientScope;
        var claims = await grains.User(access.TenantId, access.UserId).Claims(new ReadClaims(application.Id, scopes.Names, TokenIds.IssuedAt(access.Claims)));
        if (claims.Value is not { } known) return BearerTokens.Invalid;
        var answer = new JsonObject { ["sub"] = access.UserId };
        foreach (var (name, value) in known.Read<JsonObject>()) answer[name] = value?.DeepClone();
        return new TokenResult(answer);
    }
}
