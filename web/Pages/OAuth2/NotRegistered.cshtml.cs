using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Themes;
using OrleansAuth.Users;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>The user is known but not registered for the application, which wants that: it may register itself, or must ask somebody.</summary>
internal sealed class NotRegisteredModel(LoginPages pages, IGrainFactory grains) : HostedModel(pages)
{
    public bool MayRegister { get; private set; }

    public string? LoginName { get; private set; }

    public override string Template => "oauth2AuthorizedNotRegistered";

    public override string Title => Hosted.Text("not-registered.title", Application.Name);

    public override string? Lead => Hosted.Text(MayRegister ? "not-registered.may" : "not-registered.ask", LoginName ?? "", Application.Name);

    public override string? Action => MayRegister ? PathTo("/oauth2/not-registered") : null;

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink>
    {
        ["other"] = new("/oauth2/authorize" + LoginPages.AskAgain(Visit.Query), Hosted.Text("not-allowed.other")),
    };

    public async Task<IActionResult> OnGetAsync()
    {
        var (step, elsewhere) = await Require<AuthorizationStep.NotRegistered>();
        if (step is null) return elsewhere!;
        (MayRegister, LoginName) = (step.MayRegister, step.Session.LoginName);
        return Page();
    }

    /// <summary>The user registers itself, with the roles that the application gives to everybody.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        var (step, elsewhere) = await Require<AuthorizationStep.NotRegistered>();
        if (step is null) return elsewhere!;
        if (!step.MayRegister) return await OnGetAsync();
        var wanted = JsonText.From(new JsonObject { ["applicationId"] = Application.Id });
        var origin = Service<PublicAddress>().OriginOf(Tenant);
        await grains.User(Tenant.Id, step.Session.UserId).ChangeRegistration(new ChangeRegistration(Application.Id, ItemAction.Add, ChangeKind.Replace, wanted, BrowserSessions.Actor(HttpContext)) { LinkOrigin = origin });
        return LoginPages.Go(Visit, await Pages.Next(HttpContext, Visit));
    }
}
