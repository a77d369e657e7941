using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.Password;

/// <summary>The password is changed; the login that it began in can go on. The page proves and changes nothing.</summary>
internal sealed class CompleteModel : NamedModel
{
    public override string Template => "passwordComplete";

    public override string Title => Hosted.Text("changed.title");

    public override string? Lead => Hosted.Text("changed.lead");

    public override IReadOnlyDictionary<string, PageLink> Links => Application is not null && Request.Query.ContainsKey("redirect_uri")
        ? new Dictionary<string, PageLink> { ["signIn"] = new("/oauth2/authorize" + Request.QueryString, Hosted.Text("changed.button")) }
        : new Dictionary<string, PageLink>();

    public IActionResult OnGet() => Page();
}
