using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Hosted;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.Proofs;

/// <summary>A message may be on its way. The page says the same to everybody and proves nothing.</summary>
internal abstract class MessageSentModel : NamedModel
{
    public override string Title => Hosted.Text("sent.title");

    public override string? Lead => Hosted.Text("verify.sent-lead");

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink> { ["again"] = new($"{Root}/verify{Request.QueryString}", Hosted.Text("verify.resend")) };

    protected abstract string Root { get; }

    public IActionResult OnGet() => Page();
}

/// <summary>It is verified. In the browser whose login waits for that, the login can go on; the page itself proves and changes nothing.</summary>
internal abstract class VerifiedModel(LoginIntents intents) : NamedModel
{
    private string? _next;

    public override string Title => Hosted.Text(Words.Done);

    public override string? Lead => Hosted.Text(_next is null ? "verify.done-lead" : "verify.done-next");

    public override IReadOnlyDictionary<string, PageLink> Links =>
        _next is null ? new Dictionary<string, PageLink>() : new Dictionary<string, PageLink> { ["next"] = new(_next, Hosted.Text("verify.go-on")) };

    protected abstract ProofWords Words { get; }

    /// <summary>The page of the gate that the verification opens; null for none.</summary>
    protected abstract string? Gate { get; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (Gate is not null && Tenant is { } tenant && await intents.Find(HttpContext, tenant.Id) is { Stored.Query: { } query }) _next = Gate + query;
        return Page();
    }
}
