using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Pages.Proofs;
using OrleansAuth.Passwordless;
using OrleansAuth.Sessions;
using OrleansAuth.Themes;
using OrleansAuth.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The code of a message is typed here, in the browser that asked for it. A name that nobody has leads here too.</summary>
internal sealed class PasswordlessCodeModel(LoginPages pages, Verifications verifications, IGrainFactory grains) : HostedModel(pages)
{
    private const string CodeField = "code";

    public override string Template => "oauth2Passwordless";

    public override string Title => Hosted.Text("passwordless.code-title");

    public override string? Lead => Hosted.Text("passwordless.code-lead");

    public override string? Action => PathTo("/oauth2/passwordless/code");

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink>
    {
        ["again"] = new(PathTo("/oauth2/passwordless"), Hosted.Text("passwordless.new-code")),
        ["signIn"] = new(PathTo("/oauth2/authorize"), Hosted.Text("passwordless.back")),
    };

    public async Task<IActionResult> OnGetAsync() => (await Require<AuthorizationStep.SignIn>()).Elsewhere ?? Show(null);

    public async Task<IActionResult> OnPostAsync()
    {
        if ((await Require<AuthorizationStep.SignIn>()).Elsewhere is { } elsewhere) return elsewhere;
        if (!await Pages.IsOwnForm(HttpContext)) return Show(null);
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var code = form[CodeField].ToString().Trim();
        if (code.Length is 0 or > Verifications.LongestId) return Show("verify.code-missing");
        var ticket = TicketCookies.Read(HttpContext, TicketCookies.Passwordless, Tenant.Id);
        if (await verifications.Find(ticket, Tenant.Id, ProofKind.Passwordless) is not { Stored.UserId: { } userId } found) return Show("verify.code-wrong");
        var wish = LoginPages.Wish(HttpContext, Visit, remember: false);
        var outcome = await grains.UserPasswordless(Tenant.Id, userId).LogInWithProof(new LogInWithProof(found.Presented, code, wish, TicketCookies.Hash(ticket)));
        if (outcome.Value is not { } login) return Show(RefusalText.KeyOf(outcome.Refusal));
        if (login.Status == LoginStatus.Rejected) return Show("verify.code-wrong");
        TicketCookies.Delete(HttpContext, TicketCookies.Passwordless, Tenant.Id);
        if (await Pages.After(HttpContext, Visit, login, remember: false) is { } onward) return onward;
        Alert = WhyNot(login);
        return Show(null);
    }

    private PageResult Show(string? fault)
    {
        Fields = [CodeFields.Of(CodeField, Hosted, fault)];
        return Page();
    }
}
