using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The account is who it says, and may not come in: it is locked, has expired, must change its password, or is not verified.</summary>
internal sealed class NotAllowedModel(LoginPages pages) : HostedModel(pages)
{
    /// <summary>What is in the way, as a key of the message catalogue.</summary>
    public string Fault { get; private set; } = "";

    public override string Template => Fault switch
    {
        "not-allowed.email-unverified" => "emailVerificationRequired",
        "not-allowed.registration-unverified" => "registrationVerificationRequired",
        _ => "unauthorized",
    };

    public override string Title => Hosted.Text("not-allowed.title");

    public override string? Lead => Hosted.Text(Fault);

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
        Fault = FaultOf(step.Status);
        return Page();
    }

    /// <summary>Only who knows the password ever sees these.</summary>
    public static string FaultOf(LoginStatus status) => status switch
    {
        LoginStatus.Locked => "not-allowed.locked",
        LoginStatus.Expired => "not-allowed.expired",
        LoginStatus.ChangePassword => "not-allowed.change-password",
        LoginStatus.RegistrationUnverified => "not-allowed.registration-unverified",
        _ => "not-allowed.email-unverified",
    };
}
