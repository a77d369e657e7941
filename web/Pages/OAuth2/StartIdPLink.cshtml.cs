using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.IdentityProviders;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Somebody whom a provider has proved and whom nobody here is linked with: the person signs in, or makes an account, and then
/// says here that both are one. Without a sign-in since then, by a proof of our own, nothing can be linked.
/// </summary>
internal sealed class StartIdPLinkModel(LoginPages pages, PendingLinks pending, ConfigurationReader configuration, IGrainFactory grains) : HostedModel(pages)
{
    private SignOnView? _session;

    public string ProviderName { get; private set; } = "";

    /// <summary>What the provider calls the person; null where it says nothing that people read.</summary>
    public string? DisplayName { get; private set; }

    /// <summary>Somebody has signed in for this.</summary>
    public bool MayLink => _session is not null;

    public string? LoginName => _session?.LoginName;

    public override string Template => "oauth2StartIdPLink";

    public override string Title => Hosted.Text(MayLink ? "idp-link.confirm-title" : "idp-link.title");

    public override string? Lead => Hosted.Text(MayLink ? "idp-link.confirm-lead" : "idp-link.lead", ProviderName);

    public override string? Action => PathTo(PendingLinks.Path);

    public override IReadOnlyDictionary<string, PageLink> Links
    {
        get
        {
            // Whoever is signed in already signs in once more: this must be the account's owner, and now.
            var links = new Dictionary<string, PageLink> { ["signIn"] = new("/oauth2/authorize" + LoginPages.AskAgain(Visit.Query), Hosted.Text("idp-link.sign-in")) };
            if (Application.RegistrationConfiguration.Enabled) links["register"] = new PageLink(PathTo("/oauth2/register"), Hosted.Text("sign-in.register"));
            return links;
        }
    }

    public async Task<IActionResult> OnGetAsync() => await Find() is null ? GoOn() : await Next() ?? Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await Find() is not { } waiting) return GoOn();
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        if (form["choice"] != "link")
        {
            PendingLinks.Drop(HttpContext, Tenant.Id);
            return MayLink ? LoginPages.Go(Visit, await Pages.Next(HttpContext, Visit)) : GoOn();
        }

        if (!MayLink) return Page();
        if (await Next() is { } first) return first;
        var linked = await grains.UserLinks(Tenant.Id, _session!.UserId).Link(new LinkUser(null, BrowserSessions.Actor(HttpContext)) { PendingLinkId = waiting.Id, SignedIn = _session.SignedIn });
        if (linked.Refusal is { } refusal)
        {
            Alert = Hosted.Text(refusal.Errors.IsDefaultOrEmpty ? RefusalText.KeyOf(refusal) : refusal.Errors[0].Code switch
            {
                "[tooManyLinks]" => "idp-link.too-many",
                "[duplicate]identityProviderLink.identityProviderUserId" => "idp-link.taken",
                _ => "idp-link.over",
            });
            return Page();
        }

        PendingLinks.Drop(HttpContext, Tenant.Id);
        return LoginPages.Go(Visit, await Pages.Next(HttpContext, Visit));
    }

    protected override void Describe(JsonObject data)
    {
        data["provider"] = ProviderName;
        data["displayName"] = DisplayName;
        data["loginName"] = LoginName;
        data["mayLink"] = MayLink;
    }

    /// <summary>What is pending in this browser; null where nothing is (any more).</summary>
    private async Task<WaitingLink?> Find()
    {
        if (await pending.Find(HttpContext, Tenant.Id) is not { } waiting || configuration.Current.Find<IdentityProvider>(waiting.Link.Content.ProviderId) is not { } provider) return null;
        (ProviderName, DisplayName) = (provider.Name ?? "", waiting.Link.Content.DisplayName);
        _session = Visit.Sessions.FirstOrDefault(waiting.MayBeTakenBy);
        return waiting;
    }

    /// <summary>The page that comes first, where the session does not let its user in as it is: a second factor, or a shut gate.</summary>
    private async Task<IActionResult?> Next() =>
        MayLink && await Pages.Next(HttpContext, Visit) is var step && step is AuthorizationStep.TwoFactor or AuthorizationStep.Gate ? LoginPages.Go(Visit, step) : null;

    private SeeOtherResult GoOn() => new(PathTo("/oauth2/authorize"));
}
