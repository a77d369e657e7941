using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.IdentityProviders;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Themes;
using OrleansAuth.WebAuthn;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// The authorization endpoint (RFC 6749, section 3.1), which is also the sign-in page: it shows the form where the user has
/// to say who it is, and answers the client at once where nothing has to be asked.
/// </summary>
[IgnoreAntiforgeryToken, OpenToOtherSites]
internal sealed partial class AuthorizeModel(LoginPages pages, HostedPasskeys passkeys, ProviderChoice providers, PendingLinks pending, LoginLookup users) : HostedModel(pages)
{
    private const string LoginField = "loginId";
    private const string PasswordField = "password";
    private const string RememberField = "rememberMe";
    private bool _again;

    /// <summary>What was typed as a login, or what the client or the browser knows.</summary>
    public string? LoginId { get; private set; }

    public bool Remember { get; private set; }

    /// <summary>The other way in; null where there is none.</summary>
    public PasskeyPart? Passkey { get; private set; }

    public override string Template => "oauth2Authorize";

    public override string Title => Hosted.Text(_again ? "sign-in.again-title" : "sign-in.title");

    public override string? Lead => _again ? Hosted.Text("sign-in.again-lead", LoginId ?? "") : Hosted.Text("sign-in.lead", Application.Name);

    public override string? Action => PathTo("/oauth2/authorize");

    public override IReadOnlyDictionary<string, PageLink> Links
    {
        get
        {
            var links = new Dictionary<string, PageLink> { ["forgot"] = new(PathTo("/password/forgot"), Hosted.Text("sign-in.forgot")) };
            if (Application.RegistrationConfiguration.Enabled && !_again) links["register"] = new PageLink(PathTo("/oauth2/register"), Hosted.Text("sign-in.register"));
            if (Application.PasswordlessConfiguration.Enabled && !_again) links["passwordless"] = new PageLink(PathTo("/oauth2/passwordless"), Hosted.Text("sign-in.passwordless"));
            return links;
        }
    }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        // A client may post its request (OpenID Connect Core, section 3.1.2.1). It goes on as an address like any other.
        if (HttpMethods.IsPost(Request.Method) && await PostedRequest() is { } address)
        {
            context.Result = address;
            return;
        }

        await base.OnPageHandlerExecutionAsync(context, next);
    }

    public async Task<IActionResult> OnGetAsync()
    {
        var (step, elsewhere) = await Require<AuthorizationStep.SignIn>();
        if (step is null) return elsewhere!;
        LoginId = Visit.Request.LoginHint ?? step.Known;
        _again = step.Known is not null && LoginId == step.Known;
        if (await OfferProviders() is { } away) return away;
        if (!_again || await HasPasskey(step.Known!)) OfferPasskey();
        return Show();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var password = form[PasswordField].ToString();
        (LoginId, Remember) = (form[LoginField].ToString().Trim(), form[RememberField] == "true");

        // Another site cannot sign anybody in: its form shows ours, with nothing done.
        if (!await Pages.IsOwnForm(HttpContext)) return await OnGetAsync();
        await OfferProviders();
        OfferPasskey();
        if (LoginId.Length is 0 or > 256) return Show(LoginField, "sign-in.login-missing");
        if (ByDomain() is { } elsewhere) return elsewhere;
        _named = true;
        if (!form.ContainsKey(PasswordField)) return Show();
        if (password.Length is 0 or > 1024) return Show(PasswordField, "sign-in.password-missing");
        var user = await users.Find(Tenant.Id, LoginId, mayBePhone: true, HttpContext.RequestAborted);
        var outcome = await user.Login(new Login(LoginId, ["email", "username", "phoneNumber"], password, LoginPages.Wish(HttpContext, Visit, Remember)));
        if (outcome.Refusal is { } refusal) return Show("", RefusalText.KeyOf(refusal));
        var login = outcome.Value!;
        if (login is { SignOn: { } opened, UserId: { } userId } && form["passkeys"] == "true" && await passkeys.Offers(HttpContext, Visit, userId))
            return await Pages.Detour(HttpContext, Visit, opened, userId, Remember, "/oauth2/webauthn-add");
        if (await Pages.After(HttpContext, Visit, login, Remember) is { } next) return next;
        var fault = login.Status == LoginStatus.Rejected ? new GateFault("sign-in.rejected") : GateFault.Of(login.Status, login.Actions, Service<Clock>().Now);
        return Show("", fault.Key, fault.Wait);
    }

    protected override void Describe(JsonObject data)
    {
        data["passkey"] = Passkey?.Data();
        data["providers"] = new JsonArray([.. Providers.Select(p => (JsonNode)new JsonObject { ["id"] = p.Id, ["href"] = p.Href, ["text"] = p.Text, ["image"] = p.Image })]);
    }

    private void OfferPasskey()
    {
        if (passkeys.Workflow(Tenant, Application, _again) is null) return;
        Passkey = PasskeyPart.Open(HttpContext, PathTo("/oauth2/webauthn"), PathTo("/oauth2/webauthn/start"), "get", Hosted.Text("passkey.button")) with { Fills = !_again };
    }

    private async Task<bool> HasPasskey(string known) =>
        Visit.Sessions.FirstOrDefault(s => s.LoginName == known) is { } session && await passkeys.Has(Tenant, session.UserId, HttpContext.RequestAborted);

    /// <param name="field">The field that is to mend; empty for the form as a whole.</param>
    /// <param name="fault">What went wrong, as a key of the message catalogue; null where nothing did.</param>
    private PageResult Show(string field = "", string? fault = null, string wait = "")
    {
        if (fault is null && HttpMethods.IsGet(Request.Method)) fault = LoginProblems.Sentence(HttpContext);
        var text = fault is null ? null : Hosted.Text(fault, wait);
        Alert = field.Length == 0 ? text : null;
        HostedField login = new(LoginField, Hosted.Text("sign-in.login")) { Value = LoginId, Autocomplete = Passkey is { Fills: true } ? "username webauthn" : "username", MaxLength = 256, Error = field == LoginField ? text : null };
        Fields = AsksNameFirst ? HostedField.Focus([login]) : HostedField.Focus(
        [
            login,
            new(PasswordField, Hosted.Text("sign-in.password")) { Type = "password", Autocomplete = "current-password", MaxLength = 1024, Error = field == PasswordField ? text : null, Link = Links["forgot"] },
            new(RememberField, Hosted.Text("sign-in.remember")) { Control = FieldControl.Checkbox, Value = Remember ? "true" : null, Required = false },
        ]);
        return Page();
    }

    /// <summary>Null for our own form, which keeps the request in its address.</summary>
    private async Task<IActionResult?> PostedRequest()
    {
        if (Request.Query.ContainsKey("client_id") || !Request.HasFormContentType) return null;
        var form = await OAuthParameters.ReadForm(HttpContext);
        if (form.Value is not { } sent) return new OAuthProblemResult(form.Error!);
        return new SeeOtherResult(QueryHelpers.AddQueryString("/oauth2/authorize", sent.Pairs));
    }
}
