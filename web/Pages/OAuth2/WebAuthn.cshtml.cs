using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Themes;
using OrleansAuth.WebAuthn;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>Signing in with a passkey. The sign-in page posts here too; whoever was refused stays here.</summary>
internal sealed class WebAuthnModel(LoginPages pages, HostedPasskeys passkeys) : HostedModel(pages)
{
    private const string LoginField = "loginId";
    private string? _known;

    public PasskeyPart Passkey { get; private set; } = null!;

    public override string Template => _known is null ? "oauth2WebAuthn" : "oauth2WebAuthnReauth";

    public override string Title => Hosted.Text(_known is null ? "passkey.title" : "sign-in.again-title");

    public override string? Lead => _known is null ? Hosted.Text("sign-in.lead", Application.Name) : Hosted.Text("passkey.again-lead", _known);

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink> { ["signIn"] = new(PathTo("/oauth2/authorize"), Hosted.Text("passkey.password")) };

    public async Task<IActionResult> OnGetAsync() => await Show(null);

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Pages.IsOwnForm(HttpContext)) return await Show(null);
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var remember = form["rememberMe"] == "true";
        var outcome = await passkeys.LogIn(HttpContext, Visit, form["credential"].ToString(), remember);
        if (outcome.Value is not { } login) return await Show(outcome.Refusal is { Kind: Common.RefusalKind.Vetoed } vetoed ? RefusalText.KeyOf(vetoed) : "passkey.rejected");
        if (await Pages.After(HttpContext, Visit, login, remember) is { } next) return next;
        var fault = login.Status == LoginStatus.Rejected ? new GateFault("passkey.rejected") : GateFault.Of(login.Status, login.Actions, Service<Clock>().Now);
        return await Show(fault.Key, fault.Wait);
    }

    protected override void Describe(JsonObject data) => data["passkey"] = Passkey.Data();

    private async Task<IActionResult> Show(string? fault, string wait = "")
    {
        var (step, elsewhere) = await Require<AuthorizationStep.SignIn>();
        if (step is null) return elsewhere!;
        if (passkeys.Workflow(Tenant, Application, step.Known is not null) is null) return new SeeOtherResult(PathTo("/oauth2/authorize"));
        _known = step.Known;
        Alert = fault is null ? null : Hosted.Text(fault, wait);
        Passkey = PasskeyPart.Open(HttpContext, PathTo("/oauth2/webauthn"), PathTo("/oauth2/webauthn/start"), "get", Hosted.Text("passkey.button")) with { IsOnly = true };
        if (_known is null)
            Fields = HostedField.Focus([new(LoginField, Hosted.Text("sign-in.login")) { Value = Visit.Request.LoginHint, Autocomplete = "username webauthn", MaxLength = 256, Required = false, Hint = Hosted.Text("passkey.login-hint") }]);
        return Page();
    }
}
