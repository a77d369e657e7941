using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The account is who it says, and may not come in: it is locked, has expired, is kept out for a time, must change its password, or is not verified.</summary>
internal sealed class NotAllowedModel(LoginPages pages) : HostedModel(pages)
{
    private GateFault _fault = new("");

    /// <summary>What is in the way, as a key of the message catalogue.</summary>
    public string Fault => _fault.Key;

    public override string Template => Fault switch
    {
        "not-allowed.email-unverified" => "emailVerificationRequired",
        "not-allowed.registration-unverified" => "registrationVerificationRequired",
        _ => "unauthorized",
    };

    public override string Title => Hosted.Text("not-allowed.title");

    public override string? Lead => Hosted.Text(Fault, _fault.Wait);

    public override IReadOnlyDictionary<string, PageLink> Links
    {
        get
        {
            var links = new Dictionary<string, PageLink> { ["other"] = new("/oauth2/authorize" + LoginPages.AskAgain(Visit.Query), Hosted.Text("not-allowed.other")) };
            if (Fault == "not-allowed.change-password") links["forgot"] = new PageLink(PathTo("/password/forgot"), Hosted.Text("change.button"));
            return links;
        }
    }

    public async Task<IActionResult> OnGetAsync()
    {
        var (step, elsewhere) = await Require<AuthorizationStep.Gate>();
        if (step is null) return elsewhere!;
        _fault = GateFault.Of(step.Status, step.Actions, Service<Clock>().Now);
        return Page();
    }
}
