using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.IdentityProviders;
using OrleansAuth.OAuth;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>Sends the browser to an identity provider, with the request of this login remembered until it comes back.</summary>
internal sealed class IdentityProviderModel(LoginPages pages, UpstreamLogins logins, ProviderChoice providers) : HostedModel(pages)
{
    /// <summary>What the person typed as a name, for the provider's own sign-in page.</summary>
    public const string HintField = "upstream_login_hint";

    public override string Template => "oauth2Authorize";

    public override string Title => Hosted.Text("sign-in.title");

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        // Only somebody who has to sign in needs a provider; a session that will do is used.
        var (step, elsewhere) = await Require<AuthorizationStep.SignIn>();
        if (step is null) return elsewhere!;
        var query = LoginPages.Without(Visit.Query, HintField);
        if (providers.Find(Application, id) is not { } provider) return LoginProblems.BackToSignIn(query, "unavailable");
        var (away, problem) = await logins.Begin(HttpContext, Visit with { Query = query }, provider, Request.Query[HintField].FirstOrDefault());
        return away ?? LoginProblems.BackToSignIn(query, problem!);
    }
}
