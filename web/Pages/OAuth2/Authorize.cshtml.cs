using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// The authorization endpoint (RFC 6749, section 3.1), which is also the sign-in page: it shows the form where the user has
/// to say who it is, and answers the client at once where nothing has to be asked.
/// </summary>
[IgnoreAntiforgeryToken, OpenToOtherSites]
internal sealed class AuthorizeModel(LoginPages pages, IGrainFactory grains, IStoreReader store) : HostedModel(pages)
{
    private const string LoginField = "loginId";
    private const string PasswordField = "password";
    private const string RememberField = "rememberMe";
    private bool _again;

    /// <summary>What was typed as a login, or what the client or the browser knows.</summary>
    public string? LoginId { get; private set; }

    public bool Remember { get; private set; }

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
        return Show();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var password = form[PasswordField].ToString();
        (LoginId, Remember) = (form[LoginField].ToString().Trim(), form[RememberField] == "true");

        // Another site cannot sign anybody in: its form shows ours, with nothing done.
        if (!await Pages.IsOwnForm(HttpContext)) return await OnGetAsync();
        if (LoginId.Length is 0 or > 256) return Show(LoginField, "sign-in.login-missing");
        if (password.Length is 0 or > 1024) return Show(PasswordField, "sign-in.password-missing");
        var user = await LoginLookup.Find(grains, store, Tenant.Id, LoginId, mayBePhone: true, HttpContext.RequestAborted);
        var outcome = await user.Login(new Login(LoginId, ["email", "username", "phoneNumber"], password, LoginPages.Wish(HttpContext, Visit, Remember)));
        if (outcome.Refusal is { } refusal) return Show("", refusal.Kind == RefusalKind.Busy ? "sign-in.busy" : "sign-in.try-again");
        var login = outcome.Value!;
        return await Pages.After(HttpContext, Visit, login, Remember) ?? Show("", login.Status == LoginStatus.Rejected ? "sign-in.rejected" : NotAllowedModel.FaultOf(login.Status));
    }

    /// <param name="field">The field that is to mend; empty for the form as a whole.</param>
    /// <param name="fault">What went wrong, as a key of the message catalogue; null where nothing did.</param>
    private PageResult Show(string field = "", string? fault = null)
    {
        var text = fault is null ? null : Hosted.Text(fault);
        Alert = field.Length == 0 ? text : null;
        Fields = HostedField.Focus(
        [
            new(LoginField, Hosted.Text("sign-in.login")) { Value = LoginId, Autocomplete = "username", MaxLength = 256, Error = field == LoginField ? text : null },
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
