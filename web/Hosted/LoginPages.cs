using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Common;
using OrleansAuth.IdentityProviders;
using OrleansAuth.Mfa;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;

namespace OrleansAuth.Hosted;

/// <summary>
/// The way through the pages of a login. Each page carries the authorization request in its address and asks
/// <see cref="AuthorizationFlow"/> what comes next; one that is not next leads to the one that is.
/// </summary>
internal sealed class LoginPages(
    AuthorizationRequests requests, AuthorizationFlow flow, BrowserSessions browser, FactorSteps factors, LoginIntents intents, PendingLinks pending, IAntiforgery antiforgery)
{
    /// <summary>Where somebody waits whose e-mail address is not verified.</summary>
    public const string EmailGate = "/email/verification-required";

    /// <summary>Where somebody waits whose phone number is not verified.</summary>
    public const string PhoneGate = "/phone/verification-required";

    /// <summary>Where somebody waits whose registration is not verified.</summary>
    public const string RegistrationGate = "/registration/verification-required";

    /// <summary>The page of each step, under <c>/oauth2</c>.</summary>
    private static string PathOf(AuthorizationStep step) => step switch
    {
        AuthorizationStep.ChooseAccount => "/oauth2/choose-account",
        AuthorizationStep.TwoFactor => FactorSteps.Path,
        AuthorizationStep.Gate { Status: LoginStatus.EmailUnverified } => EmailGate,
        AuthorizationStep.Gate { Status: LoginStatus.PhoneUnverified } => PhoneGate,
        AuthorizationStep.Gate { Status: LoginStatus.RegistrationUnverified } => RegistrationGate,
        AuthorizationStep.Gate => "/oauth2/not-allowed",
        AuthorizationStep.NotRegistered => "/oauth2/not-registered",
        AuthorizationStep.Consent => "/oauth2/consent",
        AuthorizationStep.ApproveDevice => "/oauth2/device-approve",
        _ => "/oauth2/authorize",
    };

    /// <summary>Reads the request that the page belongs to; the result is what to answer where it is not valid.</summary>
    public Task<(LoginVisit? Visit, IActionResult? Refused)> Open(HttpContext http) => Open(http, Without(http.Request.QueryString.Value ?? "", LoginProblems.Parameter));

    /// <summary>The same for a request that was away with the browser.</summary>
    /// <param name="query">The request as text, with its question mark.</param>
    public async Task<(LoginVisit? Visit, IActionResult? Refused)> Open(HttpContext http, string query)
    {
        var parameters = OAuthParameters.Of(QueryHelpers.ParseQuery(query), out var malformed);
        var (request, refusal) = await requests.Read(parameters, malformed, http.Connection.RemoteIpAddress);
        if (request is null) return (null, Refuse(refusal!));
        if (request.RedirectUri.Length > 0) ContentPolicy.Of(http).AllowForm(request.RedirectUri);
        return (new LoginVisit(request, await browser.Alive(http, request.Client.Tenant.Id), query), null);
    }

    /// <summary>What comes next for this visit.</summary>
    public Task<AuthorizationStep> Next(HttpContext http, LoginVisit visit, ScopeList? consented = null) =>
        flow.Next(visit.Request, visit.Sessions, BrowserSessions.Actor(http), consented: consented);

    /// <summary>What a login on this page is for.</summary>
    public static LoginWish Wish(HttpContext http, LoginVisit visit, bool remember) => new(visit.Request.Client.Application.Id, BrowserSessions.Actor(http))
    {
        SignOn = new OpenSignOn(remember, http.Request.Headers.UserAgent.ToString()),
        TrustId = TrustCookie.Read(http),
        Seen = SeenDevices.OfBrowser(http),
    };

    /// <summary>Where a login leads: in, or to the page that proves what is missing. Null where the user stays on the page that is open.</summary>
    public async Task<IActionResult?> After(HttpContext http, LoginVisit visit, LoginResult login, bool remember) => login switch
    {
        { SignOn: { } opened, UserId: { } userId } => await SignedIn(http, visit, opened, userId, remember),
        { Challenge: { } challenge, UserId: { } userId } => new SeeOtherResult(await factors.Begin(http, visit.Request.Client, userId, challenge) + visit.Query),
        { Status: LoginStatus.EmailUnverified, UserId: { } userId } => await Wait(http, visit, userId, login, remember, EmailGate),
        { Status: LoginStatus.PhoneUnverified, UserId: { } userId } => await Wait(http, visit, userId, login, remember, PhoneGate),
        { Status: LoginStatus.RegistrationUnverified, UserId: { } userId } => await Wait(http, visit, userId, login, remember, RegistrationGate),
        _ => null,
    };

    /// <summary>Leads to the page of a gate, which knows the login by what this browser holds from now on.</summary>
    public async Task<IActionResult> Wait(HttpContext http, LoginVisit visit, Guid userId, LoginResult login, bool remember, string page)
    {
        await intents.Keep(http, visit, userId, login, remember);
        return new SeeOtherResult(page + visit.Query);
    }

    /// <summary>Goes on after a login in this very request.</summary>
    public async Task<IActionResult> SignedIn(HttpContext http, LoginVisit visit, OpenedSession opened, Guid userId, bool remember)
    {
        await browser.Take(http, visit.Request.Client.Tenant, opened, userId, remember);
        var fresh = await browser.Find(http, visit.Request.Client.Tenant.Id, opened);
        if (await pending.WaitsFor(http, fresh)) return new SeeOtherResult(PendingLinks.Path + WithoutDemands(visit.Query));
        var step = fresh is null ? new AuthorizationStep.SignIn(null) : await flow.Next(visit.Request, [fresh], BrowserSessions.Actor(http), fresh);
        return Go(visit with { Query = WithoutDemands(visit.Query) }, step);
    }

    /// <summary>Shows a page first after a login in this very request; from there the login goes on by the session.</summary>
    /// <param name="path">The page, without the request.</param>
    public async Task<IActionResult> Detour(HttpContext http, LoginVisit visit, OpenedSession opened, Guid userId, bool remember, string path)
    {
        await browser.Take(http, visit.Request.Client.Tenant, opened, userId, remember);
        var fresh = await browser.Find(http, visit.Request.Client.Tenant.Id, opened);
        return new SeeOtherResult((await pending.WaitsFor(http, fresh) ? PendingLinks.Path : path) + WithoutDemands(visit.Query));
    }

    /// <summary>
    /// Goes on with a session that got its second factor in this request. That was no new sign-in: whether the first factor is
    /// recent enough is asked as before.
    /// </summary>
    public async Task<IActionResult> Strengthened(HttpContext http, LoginVisit visit, OpenedSession opened, Guid userId, bool remember)
    {
        await browser.Take(http, visit.Request.Client.Tenant, opened, userId, remember);
        var strong = await browser.Find(http, visit.Request.Client.Tenant.Id, opened);
        if (await pending.WaitsFor(http, strong)) return new SeeOtherResult(PendingLinks.Path + visit.Query);
        return Go(visit, strong is null ? new AuthorizationStep.SignIn(null) : await flow.Next(visit.Request, [strong], BrowserSessions.Actor(http)));
    }

    /// <summary>Goes on with one of the accounts that the browser is signed in to.</summary>
    public async Task<IActionResult> Chosen(HttpContext http, LoginVisit visit, SignOnView chosen)
    {
        BrowserSessions.Prefer(http, visit.Request.Client.Tenant, chosen, visit.Sessions.Any(s => s.Remembered));
        var request = visit.Request with { Prompt = visit.Request.Prompt & ~Prompt.SelectAccount, LoginHint = null };
        var step = await flow.Next(request, [chosen], BrowserSessions.Actor(http));
        return Go(visit with { Query = WithoutDemands(visit.Query, "login_hint") }, step);
    }

    /// <summary>Leads to the page of the step, or to the client.</summary>
    public static IActionResult Go(LoginVisit visit, AuthorizationStep step) => step is AuthorizationStep.Answer { Value: var answer }
        ? new AuthorizationAnswerResult(answer)
        : new SeeOtherResult(PathOf(step) + visit.Query);

    /// <summary>Whether the post came from the form of our own page: only then may it sign somebody in or decide something.</summary>
    public async Task<bool> IsOwnForm(HttpContext http) => FormOrigins.IsOurs(http.Request) && await antiforgery.IsRequestValidAsync(http);

    /// <summary>The client hears of the refusal where its address can be trusted; else the user sees a page.</summary>
    public static IActionResult Refuse(AuthorizationRefusal refusal) => refusal.Return is { } back
        ? new AuthorizationAnswerResult(AuthorizationAnswers.Refuse(back, refusal.Error))
        : new OAuthProblemResult(refusal.Error);

    /// <summary>The request without some of its parameters.</summary>
    public static string Without(string query, params ReadOnlySpan<string> names)
    {
        var parameters = QueryHelpers.ParseQuery(query);
        var any = false;
        foreach (var name in names) any |= parameters.Remove(name);
        return any ? QueryHelpers.AddQueryString("", parameters) : query;
    }

    /// <summary>The request of somebody who wants to sign in with another account than those that are there.</summary>
    public static string AskAgain(string query)
    {
        var parameters = QueryHelpers.ParseQuery(WithoutDemands(query, "login_hint"));
        parameters["prompt"] = "login";
        return QueryHelpers.AddQueryString("", parameters);
    }

    /// <summary>
    /// The request after a login that it asked for: it must not ask again on the next page. Whoever changes an address by hand
    /// gains nothing, since the ID token says when the user signed in.
    /// </summary>
    private static string WithoutDemands(string query, params ReadOnlySpan<string> besides)
    {
        var parameters = QueryHelpers.ParseQuery(query);
        parameters.Remove("max_age");
        foreach (var name in besides) parameters.Remove(name);
        if (parameters.Remove("prompt", out var prompt))
        {
            var rest = string.Join(' ', (prompt.ToString() ?? "").Split(' ').Where(p => p is not ("login" or "select_account")));
            if (rest.Length > 0) parameters["prompt"] = rest;
        }

        return QueryHelpers.AddQueryString("", parameters);
    }
}
