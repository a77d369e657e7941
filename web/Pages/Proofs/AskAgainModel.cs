using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Hosted;
using OrleansAuth.Themes;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Proofs;

/// <summary>Somebody wants another message and says for which address or number. What comes next is the same for all of them.</summary>
internal abstract class AskAgainModel(Verifications verifications) : NamedModel
{
    private string _typed = "";

    public override string Title => Hosted.Text("verify.again-title");

    public override string? Lead => Hosted.Text(IsPhone ? "verify.again-phone-lead" : "verify.again-lead");

    public override string? Action => Request.Path + Request.QueryString;

    /// <summary>What is to be verified.</summary>
    protected abstract ProofKind Kind { get; }

    /// <summary>The first part of the addresses of its pages, such as <c>/email</c>.</summary>
    protected abstract string Root { get; }

    private bool IsPhone => Kind == ProofKind.PhoneNumber;

    private string Field => IsPhone ? "phoneNumber" : "email";

    private bool IsNamed => Tenant is not null && (Kind != ProofKind.Registration || Application is not null);

    public IActionResult OnGet() => IsNamed ? Show(null) : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!IsNamed) return NotFound();
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        _typed = form[Field].ToString().Trim();
        if (_typed.Length is 0 or > 256) return Show("register.missing");
        var begin = verifications.Begin(Tenant!, Kind, BrowserSessions.Actor(HttpContext), Application?.Id, null, Field);
        await verifications.Ask(Tenant!, _typed, begin with { Sends = true });
        return new SeeOtherResult($"{Root}/sent{Request.QueryString}");
    }

    private PageResult Show(string? fault)
    {
        var kind = IsPhone ? "tel" : "email";
        var label = Hosted.Text(IsPhone ? "field.user.phoneNumber" : "field.user.email");
        Fields = [new HostedField(Field, label) { Type = kind, Value = _typed, Autocomplete = kind, MaxLength = 256, Focused = true, Error = fault is null ? null : Hosted.Text(fault) }];
        return Page();
    }
}
