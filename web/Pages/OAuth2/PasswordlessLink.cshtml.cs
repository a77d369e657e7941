using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Applications;
using OrleansAuth.Hosted;
using OrleansAuth.Passwordless;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;
using OrleansAuth.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Where the link of a mail leads that signs in. Opening it changes nothing, since programs that look for bad mails open links
/// too; a button signs in. The request that it began in waits with the link. A link that a browser asked for is good in that
/// browser alone: forwarded to somebody else, it signs nobody in (and nobody in as somebody else).
/// </summary>
internal sealed class PasswordlessLinkModel(LoginPages pages, Verifications verifications, IGrainFactory grains) : HostedModel(pages)
{
    private FoundProof? _found;
    private ProofHolder? _holder;
    private bool _elsewhere;

    /// <summary>The link is good, and here.</summary>
    public bool IsOpen => _holder is not null && !_elsewhere;

    public override string Template => "oauth2Passwordless";

    public override string Title => Hosted.Text(IsOpen ? "passwordless.link-title" : _elsewhere ? "passwordless.other-title" : "change.over-title");

    public override string? Lead => IsOpen ? Hosted.Text("passwordless.link-lead", _holder!.LoginId, Application.Name) : Hosted.Text(_elsewhere ? "passwordless.other-lead" : "change.over-lead");

    public override string? Action => IsOpen ? PathTo($"/oauth2/passwordless/{Uri.EscapeDataString(Id)}") : null;

    /// <summary>Another link can be asked for where the request is here too; elsewhere, only where it began.</summary>
    public override IReadOnlyDictionary<string, PageLink> Links => !HasVisit ? new Dictionary<string, PageLink>() : new Dictionary<string, PageLink> { ["again"] = new(PathTo("/oauth2/passwordless"), Hosted.Text("change.over-button")) };

    private string Id => (string)RouteData.Values["id"]!;

    private string? Browser => TicketCookies.Hash(TicketCookies.Read(HttpContext, TicketCookies.Passwordless, _found!.Tenant.Id));

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Guid? tenantId = Guid.TryParse(Request.Query["tenantId"], out var named) ? named : null;
        _found = await verifications.Find(Id, tenantId, ProofKind.Passwordless);
        _holder = _found is null ? null : await verifications.Check(_found);
        _elsewhere = _holder?.Browser is { } bound && bound != Browser;

        // The link is short: the request that waits with it is put into the address, once.
        var isShort = !Request.Query.ContainsKey("response_type") && !Request.Query.ContainsKey("request_uri") && !Request.Query.ContainsKey("user_code");
        if (isShort && StoredQuery() is { } query)
        {
            context.Result = new SeeOtherResult($"/oauth2/passwordless/{Uri.EscapeDataString(Id)}{query}");
            return;
        }

        if (!isShort || IsOpen)
        {
            await base.OnPageHandlerExecutionAsync(context, next);
            return;
        }

        // Over, or opened where nobody asked for it, such as on the phone that the mail is read on: the page says so, and that is all.
        var snapshot = Service<ConfigurationReader>().Current;
        OpenFrame(_found?.Tenant ?? snapshot.Find<Tenant>(tenantId), snapshot.Find<Application>(_found?.Stored.ApplicationId));
        await Run(next);
    }

    public IActionResult OnGet() => Show();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!IsOpen || _found!.Stored.ApplicationId != Application.Id || _found.Stored.UserId is not { } userId || !await Pages.IsOwnForm(HttpContext)) return Show();
        var wish = LoginPages.Wish(HttpContext, Visit, remember: false);
        var outcome = await grains.UserPasswordless(Tenant.Id, userId).LogInWithProof(new LogInWithProof(_found.Presented, null, wish, Browser));
        if (outcome.Refusal is { Kind: Common.RefusalKind.Vetoed } vetoed)
        {
            // Nothing was spent: the link is still good.
            Alert = Hosted.Text(RefusalText.KeyOf(vetoed));
            return Show();
        }

        _holder = null;
        if (outcome.Value is not { } login || login.Status == LoginStatus.Rejected) return Show();
        TicketCookies.Delete(HttpContext, TicketCookies.Passwordless, Tenant.Id);
        if (await Pages.After(HttpContext, Visit, login, remember: false) is { } onward) return onward;
        Alert = WhyNot(login);
        return Show();
    }

    protected override void Describe(JsonObject data) => (data["over"], data["otherBrowser"]) = (!IsOpen && !_elsewhere, _elsewhere);

    private PageResult Show()
    {
        if (!IsOpen) Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }

    /// <summary>The request of our own page, or the texts of a state that a caller of the API gave.</summary>
    private string? StoredQuery()
    {
        if (_found?.Stored.State is not { ValueKind: JsonValueKind.Object } state || _elsewhere) return null;
        if (state.TryGetProperty(PasswordlessModel.QueryMember, out var query) && query.GetString() is { Length: > 0 } whole && whole[0] == '?') return whole;
        var parameters = Request.Query.ToDictionary(p => p.Key, p => (string?)p.Value.ToString());
        foreach (var member in state.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.String)) parameters[member.Name] = member.Value.GetString();
        return parameters.ContainsKey("response_type") ? QueryHelpers.AddQueryString("", parameters) : null;
    }
}
