using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Signs out (OpenID Connect RP-Initiated Logout 1.0). A client that shows an ID token of the session ends it at once; anybody
/// else only makes this page ask the user, so that no link and no form of another site signs somebody out. Then the
/// applications of the session are told, each in a frame, and the browser goes on by itself.
/// </summary>
[IgnoreAntiforgeryToken, OpenToOtherSites]
internal sealed class LogoutModel(LogoutRequests requests, BrowserSessions browser, LoginPages pages, PublicAddress address) : ThemedModel
{
    /// <summary>How long the applications have before the browser goes on, in seconds.</summary>
    public const int Patience = 2;

    private const string ConfirmField = "confirm";

    private LogoutRequest _request = null!;
    private IReadOnlyList<SignOnView> _sessions = [];

    /// <summary>The user is asked.</summary>
    public bool Asks { get; private set; }

    /// <summary>Addresses of applications that are told in frames.</summary>
    public IReadOnlyList<string> Frames { get; private set; } = [];

    /// <summary>Where the browser goes afterwards; null where it stays.</summary>
    public string? Target => _request.Target;

    public override string Template => "oauth2Logout";

    public override string Title => Asks ? Hosted.Text("logout.title") : Target is null ? Hosted.Text("logout.done") : Hosted.Text("logout.working");

    public override string? Lead => Asks ? Hosted.Text("logout.lead", _sessions[0].LoginName ?? "") : Target is null ? Hosted.Text("logout.done-lead") : Hosted.Text("logout.working-lead");

    public override string? Action => Asks ? "/oauth2/logout" + Request.QueryString.Value : null;

    public override IReadOnlyDictionary<string, PageLink> Links => Asks || Target is null
        ? new Dictionary<string, PageLink>()
        : new Dictionary<string, PageLink> { ["continue"] = new(Target, Hosted.Text("logout.continue")) };

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        // A client may post its request (section 2). It goes on as an address like any other.
        if (HttpMethods.IsPost(Request.Method) && await PostedRequest() is { } posted)
        {
            context.Result = posted;
            return;
        }

        var parameters = OAuthParameters.Of(Request.Query, out var malformed);
        var read = malformed is null ? requests.Read(parameters) : malformed;
        if (read.Value is not { } request)
        {
            HttpContext.Items[typeof(AskedClient)] = new AskedClient(parameters["client_id"], parameters["tenantId"]);
            context.Result = new OAuthProblemResult(read.Error!);
            return;
        }

        (_request, _sessions) = (request, await browser.Alive(HttpContext, request.Tenant.Id));
        OpenFrame(request.Tenant, request.Client?.Application);
        await Run(next);
    }

    public async Task<IActionResult> OnGetAsync()
    {
        if (_request.Hint is not null) return await End([.. _request.Proved(_sessions)]);
        if (_sessions.Count == 0) return Finish([]);
        Asks = true;
        if (Target is not null) ContentPolicy.Of(HttpContext).AllowForm(Target);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() =>
        await pages.IsOwnForm(HttpContext) ? await End(_sessions) : await OnGetAsync();

    protected override void Describe(JsonObject data)
    {
        data["asks"] = Asks;
        data["target"] = Target;
        data["frames"] = new JsonArray([.. Frames.Select(url => (JsonNode)url)]);
        data["patience"] = Patience;
    }

    private async Task<IActionResult> End(IReadOnlyList<SignOnView> sessions)
    {
        var issuer = _request.TellsApplications ? address.Issuer(_request.Tenant) : null;
        var ended = await browser.End(HttpContext, _request.Tenant, [.. sessions.Select(s => s.SessionId)], issuer);
        if (ended.Count > 0 || HttpMethods.IsPost(Request.Method)) TokenCookies.Clear(HttpContext);
        Response.Headers["Clear-Site-Data"] = "\"storage\"";
        return Finish(_request.TellsApplications ? requests.FrontChannel(ended, _request.Tenant, Target) : []);
    }

    private IActionResult Finish(IReadOnlyList<string> frames)
    {
        if (frames.Count == 0 && Target is not null) return HttpMethods.IsPost(Request.Method) ? new SeeOtherResult(Target) : Redirect(Target);
        Frames = frames;
        foreach (var frame in frames) ContentPolicy.Of(HttpContext).AllowFrame(frame);
        return Page();
    }

    /// <summary>Null for our own form, which keeps the request in its address.</summary>
    private async Task<IActionResult?> PostedRequest()
    {
        if (!Request.HasFormContentType) return null;
        var form = await OAuthParameters.ReadForm(HttpContext);
        if (form.Value is not { } sent) return new OAuthProblemResult(form.Error!);
        return sent[ConfirmField] is not null ? null : new SeeOtherResult(QueryHelpers.AddQueryString("/oauth2/logout", sent.Pairs));
    }
}
