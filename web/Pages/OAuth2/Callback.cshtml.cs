using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Hosted;
using OrleansAuth.IdentityProviders;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Where identity providers send browsers back to (RFC 6749, section 4.1.2). What comes is worth something only for the login
/// that this browser began, and once. Whatever goes wrong, the person is back on the sign-in page with a sentence.
/// </summary>
internal sealed class CallbackModel(LoginPages pages, UpstreamLogins logins, ConfigurationReader configuration) : PageModel
{
    public async Task<IActionResult> OnGetAsync()
    {
        var answer = OAuthParameters.Of(Request.Query, out var malformed);
        var (login, again) = malformed is null ? await logins.Return(HttpContext, answer["state"]) : (null, null);
        if (login is null) return again is null ? Unknown() : new SeeOtherResult("/oauth2/authorize" + LoginPages.Without(again, "idp_hint"));

        var query = login.Stored.Query;
        if (answer["error"] is { } error) return LoginProblems.BackToSignIn(query, error == "access_denied" ? LoginProblems.Cancelled : "refused");
        if (answer["code"] is not { } code) return LoginProblems.BackToSignIn(query, "invalid");
        var (visit, refused) = await pages.Open(HttpContext, query);
        if (visit is null) return refused!;
        OpenFrame(visit);
        var redeemed = await logins.Redeem(login, code, answer["iss"]);
        if (redeemed.Identity is not { } identity) return LoginProblems.BackToSignIn(query, LoginProblems.Of(redeemed.Fault!.Value));
        // The client's hint named somebody for the provider; here it is whoever came back.
        return await SignIn(visit with { Query = LoginPages.Without(query, "login_hint") }, identity);
    }

    private async Task<IActionResult> SignIn(LoginVisit visit, FederatedIdentity identity)
    {
        var outcome = await logins.SignIn(HttpContext, visit, identity);
        if (outcome.Refusal is { } refusal) return LoginProblems.BackToSignIn(visit.Query, LoginProblems.Of(refusal));
        var tenantId = visit.Request.Client.Tenant.Id;
        switch (outcome.Value!)
        {
            case { Status: FederatedStatus.Found, Login: { } login }:
                if (await pages.After(HttpContext, visit, login, remember: false) is not { } next) return LoginProblems.BackToSignIn(visit.Query, LoginProblems.Of(login.Status));
                if (login.SignOn is not null) TicketCookies.Delete(HttpContext, TicketCookies.Upstream, tenantId);
                return next;
            case { Status: FederatedStatus.Pending, PendingLinkId: { } pending }:
                PendingLinks.Keep(HttpContext, tenantId, pending);
                return new SeeOtherResult(PendingLinks.Path + visit.Query);
            case var other:
                return LoginProblems.BackToSignIn(visit.Query, LoginProblems.Of(other.Status));
        }
    }

    /// <summary>An answer for a client by a form is written in the frame of its tenant.</summary>
    private void OpenFrame(LoginVisit visit) => HostedPage.Open(HttpContext, configuration.Current, visit.Request.Client.Tenant, visit.Request.Client.Application, null);

    /// <summary>Nobody knows in this browser what the answer is to: there is no request to go on with.</summary>
    private static OAuthProblemResult Unknown() => new(OAuthError.InvalidRequest("This sign-in was not begun in this browser, or it took too long.", "unknown_upstream_login"));
}
