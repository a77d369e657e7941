using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.Proofs;

/// <summary>
/// Where the link of a mail leads that verifies something. Opening it changes nothing, since programs that look for bad mails
/// open links too: one button does it, without scripts.
/// </summary>
internal abstract class ConfirmModel(Verifications verifications, ConfigurationReader configuration) : ThemedModel
{
    private const string CodeField = "code";
    private FoundProof? _found;
    private ProofHolder? _holder;
    private Guid? _tenantId;

    /// <summary>The id proves nothing (any more).</summary>
    public bool IsOver => _holder is null;

    public string Button => Hosted.Text(Words.Button);

    public override string Title => Hosted.Text(IsOver ? "change.over-title" : Words.Title);

    public override string? Lead => IsOver ? Hosted.Text("change.over-lead") : Hosted.Text(Words.Lead, Kind == ProofKind.Registration ? Owner : _holder!.Value ?? _holder.LoginId);

    public override string? Action => IsOver ? null : Request.Path + Request.QueryString;

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink> { ["again"] = new($"{Root}/verify{Query}", Hosted.Text("change.over-button")) };

    /// <summary>What this page verifies.</summary>
    protected abstract ProofKind Kind { get; }

    /// <summary>What it says.</summary>
    protected abstract ProofWords Words { get; }

    /// <summary>The first part of the addresses of its pages, such as <c>/email</c>.</summary>
    protected abstract string Root { get; }

    private string Owner => Hosted.Application?.Name ?? Hosted.Owner;

    private string Id => (string)RouteData.Values["id"]!;

    private string Query => QueryHelpers.AddQueryString("", new Dictionary<string, string?>
    {
        ["tenantId"] = Hosted.Tenant?.Id.ToString(),
        ["client_id"] = Hosted.Application?.ClientId,
    }.Where(p => p.Value is not null));

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        _tenantId = Guid.TryParse(Request.Query["tenantId"], out var id) ? id : null;
        _found = await verifications.Find(Id, _tenantId, Kind);
        _holder = _found is null ? null : await verifications.Check(_found);
        var snapshot = configuration.Current;
        var tenant = _found?.Tenant ?? (_tenantId is { } named ? snapshot.Find<Tenant>(named) : null);
        OpenFrame(tenant, snapshot.Find<Application>(_found?.Stored.ApplicationId));
        await Run(next);
    }

    public IActionResult OnGet() => Show(null);

    public async Task<IActionResult> OnPostAsync()
    {
        if (IsOver) return Show(null);
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var code = form[CodeField].ToString().Trim();
        if (_holder!.NeedsCode && code.Length is 0 or > Verifications.LongestId) return Show("verify.code-missing");
        if (await verifications.Complete(_found!, code.Length == 0 ? null : code, BrowserSessions.Actor(HttpContext)) is not { } refusal) return new SeeOtherResult($"{Root}/complete{Query}");
        var needed = _holder.NeedsCode;
        _holder = await verifications.Check(_found!);
        return Show(needed && refusal.Kind != RefusalKind.Vetoed ? "verify.code-wrong" : RefusalText.KeyOf(refusal));
    }

    protected override void Describe(JsonObject data) => data["over"] = IsOver;

    private PageResult Show(string? fault)
    {
        if (IsOver) Response.StatusCode = StatusCodes.Status404NotFound;
        else if (_holder!.NeedsCode) Fields = [CodeFields.Of(CodeField, Hosted, fault)];
        else Alert = fault is null ? null : Hosted.Text(fault);
        return Page();
    }
}

/// <summary>The field for a short code that came with a message.</summary>
internal static class CodeFields
{
    public static HostedField Of(string name, HostedPage hosted, string? fault) => new(name, hosted.Text("verify.code"))
    {
        Autocomplete = "one-time-code",
        IsCode = true,
        MaxLength = 64,
        Focused = true,
        Error = fault is null ? null : hosted.Text(fault),
    };
}
