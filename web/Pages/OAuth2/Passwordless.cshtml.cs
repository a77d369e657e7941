using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.Identifiers;
using OrleansAuth.OAuth;
using OrleansAuth.Themes;
using OrleansAuth.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Somebody wants to sign in without a password and says who it is. What comes next is the same for every name. The browser
/// gets a random value: only it may use the link, and only with it a code counts.
/// </summary>
internal sealed class PasswordlessModel(LoginPages pages, Verifications verifications) : HostedModel(pages)
{
    /// <summary>The member of the state under which the authorization request waits.</summary>
    public const string QueryMember = "query";

    private const string LoginField = "loginId";
    private const int LongestQuery = 16_384;
    private string? _loginId;

    public override string Template => "oauth2Passwordless";

    public override string Title => Hosted.Text("sign-in.passwordless");

    public override string? Lead => Hosted.Text("passwordless.lead");

    public override string? Action => PathTo("/oauth2/passwordless");

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink> { ["signIn"] = new(PathTo("/oauth2/authorize"), Hosted.Text("passwordless.back")) };

    public async Task<IActionResult> OnGetAsync()
    {
        if (await Elsewhere() is { } elsewhere) return elsewhere;
        _loginId = Visit.Request.LoginHint;
        return Show(null);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await Elsewhere() is { } elsewhere) return elsewhere;
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        _loginId = form[LoginField].ToString().Trim();
        if (!await Pages.IsOwnForm(HttpContext)) return Show(null);
        if (_loginId.Length is 0 or > 256) return Show("sign-in.login-missing");

        // By what was typed alone, never by what the account has: a phone number gets a text message.
        var settings = Application.PasswordlessConfiguration;
        var isCode = (LoginName.Phone(_loginId) is null ? settings.EmailLoginStrategy : settings.PhoneLoginStrategy) == PasswordlessStrategy.FormField;
        var ticket = IdentifierText.New();
        TicketCookies.Write(HttpContext, TicketCookies.Passwordless, Tenant.Id, ticket);
        var begin = verifications.Begin(Tenant, ProofKind.Passwordless, BrowserSessions.Actor(HttpContext), Application.Id, null, "email", "username", "phoneNumber");
        await verifications.Ask(Tenant, _loginId, begin with
        {
            Sends = true,
            ProofId = isCode ? ticket : null,
            Browser = TicketCookies.Hash(ticket),
            State = Visit.Query.Length > LongestQuery ? null : JsonText.From(new JsonObject { [QueryMember] = Visit.Query }),
        });
        return new SeeOtherResult(PathTo(isCode ? "/oauth2/passwordless/code" : "/oauth2/passwordless/sent"));
    }

    /// <summary>Where it is switched off, or somebody is signed in already, this is not the page.</summary>
    private async Task<IActionResult?> Elsewhere()
    {
        if (!Application.PasswordlessConfiguration.Enabled) return new SeeOtherResult(PathTo("/oauth2/authorize"));
        return (await Require<AuthorizationStep.SignIn>()).Elsewhere;
    }

    private PageResult Show(string? fault)
    {
        Fields = [new HostedField(LoginField, Hosted.Text("sign-in.login")) { Value = _loginId, Autocomplete = "username", MaxLength = 256, Focused = true, Error = fault is null ? null : Hosted.Text(fault) }];
        return Page();
    }
}
