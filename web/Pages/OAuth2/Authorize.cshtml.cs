using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;

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

    /// <summary>What was typed as a login, or what the client or the browser knows.</summary>
    public string? LoginId { get; private set; }

    public bool Remember { get; private set; }

    /// <summary>What went wrong, as a key of the message catalogue; null where nothing did.</summary>
    public string? Fault { get; private set; }

    /// <summary>The field to begin with.</summary>
    public string Focus => string.IsNullOrEmpty(LoginId) ? LoginField : PasswordField;

    /// <summary>Users may register themselves for the application.</summary>
    public bool MayRegister => Application.RegistrationConfiguration.Enabled;

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
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var password = form[PasswordField].ToString();
        (LoginId, Remember) = (form[LoginField].ToString().Trim(), form[RememberField] == "true");

        // Another site cannot sign anybody in: its form shows ours, with nothing done.
        if (!await Pages.IsOwnForm(HttpContext)) return await OnGetAsync();
        if (LoginId.Length is 0 or > 256) return Show("sign-in.login-missing");
        if (password.Length is 0 or > 1024) return Show("sign-in.password-missing");
        var user = await LoginLookup.Find(grains, store, Tenant.Id, LoginId, mayBePhone: true, HttpContext.RequestAborted);
        var outcome = await user.Login(new Login(LoginId, ["email", "username", "phoneNumber"], password, Application.Id, null, BrowserSessions.Actor(HttpContext))
        {
            SignOn = new OpenSignOn(Remember, Request.Headers.UserAgent.ToString()),
        });
        if (outcome.Refusal is { } refusal) return Show(refusal.Kind == RefusalKind.Busy ? "sign-in.busy" : "sign-in.try-again");
        var login = outcome.Value!;
        if (login is { SignOn: { } opened, UserId: { } userId }) return await Pages.SignedIn(HttpContext, Visit, opened, userId, Remember);
        return login.Status == LoginStatus.Rejected ? Show("sign-in.rejected") : Show(NotAllowedModel.FaultOf(login.Status));
    }

    private PageResult Show(string fault)
    {
        Fault = fault;
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
