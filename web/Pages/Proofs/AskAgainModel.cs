using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Hosted;
using OrleansAuth.Themes;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Proofs;

/// <summary>Somebody wants another message and says for which address. What comes next is the same for every address.</summary>
internal abstract class AskAgainModel(Verifications verifications) : NamedModel
{
    private const string EmailField = "email";
    private string _email = "";

    public override string Title => Hosted.Text("verify.again-title");

    public override string? Lead => Hosted.Text("verify.again-lead");

    public override string? Action => Request.Path + Request.QueryString;

    /// <summary>What is to be verified.</summary>
    protected abstract ProofKind Kind { get; }

    /// <summary>The first part of the addresses of its pages, such as <c>/email</c>.</summary>
    protected abstract string Root { get; }

    private bool IsNamed => Tenant is not null && (Kind != ProofKind.Registration || Application is not null);

    public IActionResult OnGet() => IsNamed ? Show(null) : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!IsNamed) return NotFound();
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        _email = form[EmailField].ToString().Trim();
        if (_email.Length is 0 or > 256) return Show("register.missing");
        var begin = verifications.Begin(Tenant!, Kind, BrowserSessions.Actor(HttpContext), Application?.Id, null, "email");
        await verifications.Ask(Tenant!, _email, begin with { Sends = true });
        return new SeeOtherResult($"{Root}/sent{Request.QueryString}");
    }

    private PageResult Show(string? fault)
    {
        Fields = [new HostedField(EmailField, Hosted.Text("field.user.email")) { Type = "email", Value = _email, Autocomplete = "email", MaxLength = 256, Focused = true, Error = fault is null ? null : Hosted.Text(fault) }];
        return Page();
    }
}
