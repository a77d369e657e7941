using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Tokens;

namespace OrleansAuth.OAuth;

/// <summary>Exchanges a refresh token for new tokens (RFC 6749, section 6). The session decides, and rotates the token by its policy.</summary>
internal sealed class RefreshGrant(TokenAnswers answers, TokenIssuer issuer, IGrainFactory grains, SessionReader sessions)
{
    private static readonly OAuthError Invalid = OAuthError.InvalidGrant("The refresh token is not valid, or not valid any more.", "refresh_token_not_found");

    public async Task<OAuthOutcome<JsonObject>> Redeem(TokenRequest request)
    {
        if (request.Form["refresh_token"] is not { } token) return OAuthError.InvalidRequest("The refresh_token is missing.", "missing_refresh_token");
        if (!ReadLifetime(request.Form["expires_in"], out var lifetime)) return OAuthError.InvalidRequest("The expires_in must be a number of seconds.", "invalid_expires_in");
        var client = request.Client;

        // Checked before anything is used up: a rotation whose tokens cannot be signed would be lost.
        if (issuer.KeyFor(request.Snapshot, client.Tenant.Id, client.Application.Id).Refusal is { } noKey) return OAuthError.From(noKey);
        if (await PresentedToken.Find(token, client.Tenant.Id, grains, sessions, request.Http.RequestAborted) is not { } session)
        {
            TokenMetrics.CountUnknownRefresh();
            return Invalid;
        }

        if (request.Form["scope"] is { } narrower && await Granted(session, client) is { } known && Scopes.Narrow(known, narrower).Error is { } exceeds) return exceeds;
        var outcome = (await session.Refresh(new RefreshSession(token, request.Actor) { Client = new RefreshingClient(client.Application.Id, request.Thumbprint) })).CountRefresh();
        if (outcome.Value is not { } refreshed) return outcome.Refusal!.Kind == RefusalKind.Invalid ? Invalid : OAuthError.From(outcome.Refusal);
        return await answers.Make(request.Snapshot, Grant(request, refreshed, lifetime));
    }

    private static UserGrant Grant(TokenRequest request, Refreshed refreshed, long? lifetime)
    {
        var granted = ScopeList.Parse(refreshed.Grant?.Scope);
        return new UserGrant(request.Client, refreshed.Subject, Scopes.Narrow(granted, request.Form["scope"]).Value ?? granted, GrantTypes.RefreshToken)
        {
            AuthenticationType = AuthenticationTypes.RefreshToken,
            SignedIn = refreshed.Started,
            Session = new OpenedSession(refreshed.SessionId, refreshed.Token),
            SignOnId = refreshed.Grant?.SignOnId,
            Thumbprint = request.Thumbprint,
            Resources = refreshed.Grant?.Resources ?? [],
            Lifetime = lifetime,
        };
    }

    /// <summary>What the session was granted, to refuse too wide a scope before the token rotates; null where it is not the client's.</summary>
    private static async Task<ScopeList?> Granted(ISessionGrain session, OAuthClient client) =>
        await session.Read() is { } view && view.ApplicationId == client.Application.Id ? ScopeList.Parse(view.Scope) : null;

    private static bool ReadLifetime(string? text, out long? seconds)
    {
        seconds = null;
        if (text is null) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < 1) return false;
        seconds = value;
        return true;
    }
}
