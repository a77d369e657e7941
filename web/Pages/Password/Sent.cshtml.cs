using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.Password;

/// <summary>A message may be on its way. The page says the same to everybody and proves nothing.</summary>
internal sealed class SentModel : NamedModel
{
    public override string Template => "passwordSent";

    public override string Title => Hosted.Text("sent.title");

    public override string? Lead => Hosted.Text("sent.lead");

    public override IReadOnlyDictionary<string, PageLink> Links
    {
        get
        {
            var links = new Dictionary<string, PageLink> { ["again"] = new("/password/forgot" + Request.QueryString, Hosted.Text("change.over-button")) };
            if (Request.Query.ContainsKey("client_id")) links["signIn"] = new PageLink("/oauth2/authorize" + Request.QueryString, Hosted.Text("forgot.back"));
            return links;
        }
    }

    public IActionResult OnGet() => Page();
}
