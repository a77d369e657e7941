using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Hosted;
using OrleansAuth.WebAuthn;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>Offers to make a passkey, to who has just signed in. Whether or not one is made, the login goes on.</summary>
internal sealed class WebAuthnAddModel(LoginPages pages, HostedPasskeys passkeys) : HostedModel(pages)
{
    public PasskeyPart Passkey { get; private set; } = null!;

    public override string Template => "oauth2WebAuthnReauthEnable";

    public override string Title => Hosted.Text("passkey.add-title");

    public override string? Lead => Hosted.Text("passkey.add-lead");

    public override string? Action => PathTo("/oauth2/webauthn-add");

    public IActionResult OnGet() => passkeys.Holder(Visit) is null ? Onward() : Show();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Pages.IsOwnForm(HttpContext) || passkeys.Holder(Visit) is not { } holder) return Onward();
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        if (form["credential"].ToString() is not { Length: > 0 } answer)
        {
            PasskeyOffer.Decline(HttpContext, Tenant.Id);
            return Onward();
        }

        return (await passkeys.Add(HttpContext, Visit, holder, answer)).Refusal is null ? Onward() : Show("passkey.failed");
    }

    protected override void Describe(JsonObject data) => data["passkey"] = Passkey.Data();

    private SeeOtherResult Onward() => new(PathTo("/oauth2/authorize"));

    private PageResult Show(string? fault = null)
    {
        Alert = fault is null ? null : Hosted.Text(fault);
        Passkey = PasskeyPart.Open(HttpContext, Action!, PathTo("/oauth2/webauthn-add/start"), "create", Hosted.Text("passkey.add")) with { IsOnly = true };
        return Page();
    }
}
