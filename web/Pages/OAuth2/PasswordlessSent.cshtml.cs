using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>A link that signs in may be on its way. The page says the same to everybody.</summary>
internal sealed class PasswordlessSentModel(LoginPages pages) : HostedModel(pages)
{
    public override string Template => "oauth2Passwordless";

    public override string Title => Hosted.Text("sent.title");

    public override string? Lead => Hosted.Text("passwordless.sent-lead");

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink>
    {
        ["again"] = new(PathTo("/oauth2/passwordless"), Hosted.Text("change.over-button")),
        ["signIn"] = new(PathTo("/oauth2/authorize"), Hosted.Text("passwordless.back")),
    };

    public IActionResult OnGet() => Page();
}
