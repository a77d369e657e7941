using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.Identifiers;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.IdentityProviders;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.IdentityProviders;

/// <summary>A login that came back from a provider, in the browser that began it, for the first time.</summary>
internal sealed record ReturnedLogin(UpstreamState State, StoredUpstreamLogin Stored);

/// <summary>
/// Logins at providers, on our own pages: there and back. What a login remembers is an identifier of the store, under the hash
/// of its state, good once; the browser holds a random value that belongs to it.
/// </summary>
internal sealed class UpstreamLogins(IGrainFactory grains, SecretBox secrets, PublicAddress address, Clock clock)
{
    /// <summary>Where providers send browsers back to.</summary>
    public const string CallbackPath = "/oauth2/callback";

    /// <summary>Longer requests cannot wait. In characters.</summary>
    private const int LongestQuery = 16_384;

    /// <summary>The way to the provider, or why there is none.</summary>
    public async Task<(IActionResult? Away, string? Problem)> Begin(HttpContext http, LoginVisit visit, IdentityProvider provider, string? loginHint)
    {
        var client = visit.Request.Client;
        var entrance = await grains.Upstream(client.Tenant.Id, provider.Id, Guid.CreateVersion7()).Find(client.Application.Id);
        if (entrance.Fault is { } fault) return (null, LoginProblems.Of(fault));
        var query = LoginPages.Without(visit.Query, "idp_hint", LoginProblems.Parameter);
        if (query.Length > LongestQuery) return (null, LoginProblems.TryAgain);
        var (state, browser) = (UpstreamState.New(client.Tenant.Id), TicketCookies.Read(http, TicketCookies.Upstream, client.Tenant.Id) ?? IdentifierText.New());
        var stored = new StoredUpstreamLogin
        {
            ProviderId = provider.Id,
            ApplicationId = client.Application.Id,
            Browser = TicketCookies.Hash(browser)!,
            Query = query,
            RedirectUri = address.OriginOf(client.Tenant) + CallbackPath,
        };
        var expires = clock.Now + (client.Tenant.ExternalIdentifierConfiguration.ExternalAuthenticationIdTimeToLiveInSeconds * 1000L);
        var issued = await grains.Identifier(IdentifierKinds.UpstreamLogin, state.Text).Issue(new IssueIdentifier(client.Tenant.Id, expires, JsonText.From(stored)));
        if (issued.Refusal is not null) return (null, LoginProblems.TryAgain);
        TicketCookies.Write(http, TicketCookies.Upstream, client.Tenant.Id, browser);
        return (new UpstreamRequestResult(entrance.Address!, Parameters(visit, entrance, state, stored, loginHint), provider.PostRequest), null);
    }

    /// <summary>
    /// The login that comes back with this state; it is used up with this. Where it is not known in this browser there is nothing
    /// to go on with; where this browser brought it before, <c>Again</c> is the request that it was for.
    /// </summary>
    public async Task<(ReturnedLogin? Login, string? Again)> Return(HttpContext http, string? stateText)
    {
        if (UpstreamState.Read(stateText) is not { } state) return (null, null);
        var (grain, mine) = (grains.Identifier(IdentifierKinds.UpstreamLogin, state.Text), TicketCookies.Hash(TicketCookies.Read(http, TicketCookies.Upstream, state.TenantId)));
        if (await grain.Read(state.TenantId) is { } found)
        {
            var stored = StoredUpstreamLogin.Read(found.Content);
            // Another browser's login stays what it is: whoever brings its state here has stolen or planted it.
            if (stored.Browser != mine) return (null, null);
            var spent = await grain.Spend(new SpendIdentifier(state.TenantId, found.ExpiresAt, found.Content));
            return spent.Refusal is null ? (new ReturnedLogin(state, stored), null) : (null, stored.Query);
        }

        return await grain.Replay(state.TenantId) is { } note && StoredUpstreamLogin.Read(note) is { } before && before.Browser == mine ? (null, before.Query) : (null, null);
    }

    /// <summary>Redeems what the provider sent.</summary>
    public Task<UpstreamAnswer> Redeem(ReturnedLogin login, string code, string? issuer) =>
        grains.Upstream(login.State.TenantId, login.Stored.ProviderId, Guid.CreateVersion7()).Redeem(new RedeemUpstreamCode(login.Stored.ApplicationId, code, login.Stored.RedirectUri)
        {
            Verifier = login.State.Verifier(secrets),
            Nonce = login.State.Nonce(secrets),
            ThroughBrowser = true,
            Issuer = issuer,
        });

    /// <summary>From whom the provider proved to a user, or to what has to be done first.</summary>
    public Task<Outcome<FederatedLogin>> SignIn(HttpContext http, LoginVisit visit, FederatedIdentity identity)
    {
        var tenant = visit.Request.Client.Tenant;
        return grains.FederatedIdentity(tenant.Id, identity).SignIn(new SignInWithIdentity(identity, LoginPages.Wish(http, visit, remember: false), address.OriginOf(tenant)));
    }

    private List<KeyValuePair<string, string>> Parameters(LoginVisit visit, UpstreamEntrance entrance, UpstreamState state, StoredUpstreamLogin stored, string? loginHint)
    {
        var parameters = new List<KeyValuePair<string, string>>
        {
            new("client_id", entrance.ClientId!), new("redirect_uri", stored.RedirectUri), new("response_type", "code"), new("scope", entrance.Scope!),
            new("state", state.Text), new("nonce", state.Nonce(secrets)), new("code_challenge", state.Challenge(secrets)), new("code_challenge_method", "S256"),
        };
        if ((loginHint ?? visit.Request.LoginHint) is { Length: > 0 and <= 256 } hint) parameters.Add(new("login_hint", hint));
        // Whoever wants the person to prove it anew wants that of the provider too.
        if (visit.Request.Prompt.HasFlag(Prompt.Login) || visit.Request.MaxAge is not null) parameters.Add(new("prompt", "login"));
        else if (visit.Request.Prompt.HasFlag(Prompt.SelectAccount)) parameters.Add(new("prompt", "select_account"));
        return parameters;
    }
}

/// <summary>Sends the browser to a provider: by redirect, or as a form that posts itself.</summary>
internal sealed class UpstreamRequestResult(string address, IReadOnlyList<KeyValuePair<string, string>> parameters, bool posts) : ActionResult
{
    public override Task ExecuteResultAsync(ActionContext context)
    {
        var away = new AuthorizationReturn(address, posts ? ResponseMode.FormPost : ResponseMode.Query, null, "", null);
        return new AuthorizationAnswerResult(new AuthorizationAnswer(away, parameters)).ExecuteResultAsync(context);
    }
}
