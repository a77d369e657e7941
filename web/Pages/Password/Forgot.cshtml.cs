using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.Recovery;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.Password;

/// <summary>
/// Somebody has forgotten the password and says who it is. What comes next is the same for every name, so nobody learns who
/// has an account. The login that it began in travels in the address, and with the mail.
/// </summary>
internal sealed class ForgotModel(PasswordRecovery recovery) : NamedModel
{
    private const string LoginField = "loginId";

    /// <summary>More of a request than the mail can carry back is left out.</summary>
    private const int LongestState = 4_096;

    private string _loginId = "";

    public override string Template => "passwordForgot";

    public override string Title => Hosted.Text("forgot.title");

    public override string? Lead => Hosted.Text("forgot.lead");

    public override string? Action => Request.Path + Request.QueryString;

    public override IReadOnlyDictionary<string, PageLink> Links => Request.Query.ContainsKey("client_id")
        ? new Dictionary<string, PageLink> { ["signIn"] = new("/oauth2/authorize" + Request.QueryString, Hosted.Text("forgot.back")) }
        : new Dictionary<string, PageLink>();

    public IActionResult OnGet()
    {
        _loginId = Request.Query["login_hint"].ToString();
        return Tenant is null ? NotFound() : Show(null);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Tenant is null) return NotFound();
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        _loginId = form[LoginField].ToString().Trim();
        if (_loginId.Length is 0 or > 256) return Show("sign-in.login-missing");
        await recovery.Ask(Tenant, _loginId, ["email", "username", "phoneNumber"], Application?.Id, State(), BrowserSessions.Actor(HttpContext));
        return new SeeOtherResult("/password/sent" + Request.QueryString);
    }

    /// <summary>The login that is to go on afterwards.</summary>
    private JsonObject? State()
    {
        var state = new JsonObject(Request.Query.Where(p => p.Key != "locale").Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value.ToString())));
        return state.Count > 0 && state.ToJsonString().Length <= LongestState ? state : null;
    }

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Show(string? fault)
    {
        Fields = [new HostedField(LoginField, Hosted.Text("forgot.login")) { Value = _loginId, Autocomplete = "username", MaxLength = 256, Focused = true, Error = fault is null ? null : Hosted.Text(fault) }];
        return Page();
    }
}
