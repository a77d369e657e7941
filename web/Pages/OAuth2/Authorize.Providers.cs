using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.IdentityProviders;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The other ways in: identity providers, by button, by hint, or by the domain of what is typed.</summary>
internal sealed partial class AuthorizeModel
{
    private bool _named;
    private bool _linking;

    /// <summary>A button for each; none where the person is to prove an account of its own.</summary>
    public IReadOnlyList<ProviderButton> Providers { get; private set; } = [];

    /// <summary>The name decides whether there is a password to ask for.</summary>
    public bool AsksNameFirst => !_named && !_again && !_linking && providers.HasDomains(Application);

    /// <summary>Shows what providers there are, and what became of a login at one.</summary>
    /// <returns>The way to the provider that the request asks for.</returns>
    private async Task<IActionResult?> OfferProviders()
    {
        _linking = await pending.Find(HttpContext, Tenant.Id) is not null;
        if (_linking) return null;
        Providers = providers.Buttons(HttpContext, Application, PathTo, Hosted);
        // Who just came back from there is not sent there again.
        if (!HttpMethods.IsGet(Request.Method) || LoginProblems.Sentence(HttpContext) is not null) return null;
        if ((providers.Hinted(Application, Visit.Request.IdpHint) ?? providers.OfDomain(Application, Visit.Request.LoginHint)) is { } wanted)
            return new SeeOtherResult(PathTo(ProviderChoice.PathOf(wanted)));
        return null;
    }

    /// <summary>The way to the provider whose people have such addresses; null where there is none.</summary>
    private ContinueResult? ByDomain() => !_linking && providers.OfDomain(Application, LoginId) is { } provider
        ? new ContinueResult(Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(PathTo(ProviderChoice.PathOf(provider)), IdentityProviderModel.HintField, LoginId!), Hosted.Text("idp.going", provider.Name ?? ""))
        : null;
}
