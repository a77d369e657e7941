using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.WebUtilities;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.Recovery;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.Password;

/// <summary>
/// Where the link of a mail leads: a new password is chosen. The id in the address opens the page as long as it is good, and
/// the change asks for it again.
/// </summary>
internal sealed class ChangeModel(PasswordRecovery recovery, ConfigurationReader configuration, IGrainFactory grains) : ThemedModel
{
    private const string PasswordField = "password";
    private const string AgainField = "passwordConfirm";
    private PasswordFactor _factor = null!;
    private OpenTicket? _open;
    private Guid? _tenantId;

    /// <summary>The id opens nothing (any more).</summary>
    public bool IsOver => _open is null;

    /// <summary>Whose password it is, for password managers.</summary>
    public string? LoginId => _open?.LoginId;

    public override string Template => "passwordChange";

    public override string Title => Hosted.Text(IsOver ? "change.over-title" : "change.title");

    public override string? Lead => IsOver ? Hosted.Text("change.over-lead") : _factor.Asks ? Hosted.Text("change.factor-lead") : null;

    /// <summary>What was proved with a second factor; null where nothing was yet, or has to be.</summary>
    public string? TrustToken => _factor.TrustToken;

    /// <summary>What the second factor is proved for.</summary>
    public string? TwoFactorId => _factor.TwoFactorId;

    /// <summary>The second factor comes first: the page asks for a code.</summary>
    public bool AsksCode => _factor.Asks;

    /// <summary>Methods that can send a code.</summary>
    public IReadOnlyList<FieldOption> Senders => _factor.Senders(Hosted);

    public override string? Action => IsOver ? null : Request.Path + Request.QueryString;

    public override IReadOnlyDictionary<string, PageLink> Links =>
        new Dictionary<string, PageLink> { ["again"] = new("/password/forgot" + (_tenantId is { } id ? $"?tenantId={id}" : ""), Hosted.Text("change.over-button")) };

    private string Id => (string)RouteData.Values["id"]!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        _tenantId = Guid.TryParse(Request.Query["tenantId"], out var id) ? id : null;
        _open = await recovery.Find(Id, _tenantId);
        var snapshot = configuration.Current;
        var tenant = _open?.Tenant ?? (_tenantId is { } named ? snapshot.Find<Tenant>(named) : null);
        _factor = new PasswordFactor(_open, grains, HttpContext);
        OpenFrame(tenant, snapshot.Find<Application>(_open?.Ticket.ApplicationId));
        await Run(next);
    }

    public async Task<IActionResult> OnGetAsync()
    {
        await _factor.Begin();
        return Show([]);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        var (password, again) = (form[PasswordField].ToString(), form[AgainField].ToString());
        if (IsOver) return Show([]);
        if (await _factor.Take(form) is { } fault) return Show([(PasswordFactor.CodeField, Hosted.Text(fault))]);
        if (_factor.Asks || !form.ContainsKey(PasswordField)) return Show([]);
        if (password.Length is 0 or > 1024) return Show([(PasswordField, Hosted.Text("sign-in.password-missing"))]);
        if (password != again) return Show([(AgainField, Hosted.Text("register.passwords-differ"))]);
        var changed = await recovery.Change(Id, _tenantId, password, null, new TrustProof(TrustToken, null), BrowserSessions.Actor(HttpContext));
        if (changed.Value is { } fresh) return new SeeOtherResult("/password/complete" + Query(fresh));
        if (changed.Refusal!.Kind == RefusalKind.NotFound) _open = null;
        if (changed.Refusal.Errors is [{ Code: "[TrustTokenRequired]" }])
        {
            // The proof is too old: it is asked for once more.
            await _factor.Again();
            return Show([]);
        }

        return Show([.. changed.Refusal.Errors.Select(e => (PasswordField, Hosted.Text(OfUser(e)))), (PasswordField, Hosted.Text(RefusalText.KeyOf(changed.Refusal)))]);
    }

    protected override void Describe(JsonObject data)
    {
        (data["over"], data["loginId"], data["trustToken"], data["twoFactorId"]) = (IsOver, LoginId, TrustToken, TwoFactorId);
        data["senders"] = new JsonArray([.. IsOver ? [] : Senders.Select(s => (JsonNode)new JsonObject { ["value"] = s.Value, ["label"] = s.Label })]);
    }

    /// <summary>The rules are those of the user's password, whichever name the request has for it.</summary>
    private static ContractError OfUser(ContractError error) =>
        error.Field == PasswordField ? error with { Code = $"{error.Code[..(error.Code.IndexOf(']', StringComparison.Ordinal) + 1)]}user.password" } : error;

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult Show(IReadOnlyList<(string Field, string Text)> faults)
    {
        if (IsOver)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
            return Page();
        }

        if (_factor.Asks)
        {
            Fields = [PasswordFactor.Field(Hosted, faults.FirstOrDefault(f => f.Field == PasswordFactor.CodeField).Text)];
            return Page();
        }

        var label = Hosted.Text("change.new");
        Fields = HostedField.Focus(
        [
            Shape(PasswordField, label) with { Hint = Hosted.Text("register.password-hint", $"{_open!.Tenant.PasswordValidationRules.MinLength}") },
            Shape(AgainField, Hosted.Text("form.again", label)),
        ]);
        return Page();

        HostedField Shape(string name, string text) => new(name, text) { Type = "password", Autocomplete = "new-password", MaxLength = 1024, Error = faults.FirstOrDefault(f => f.Field == name).Text };
    }

    /// <summary>The login that it all began in, as it came back with the mail.</summary>
    private static string Query(FreshPassword fresh)
    {
        var parameters = new Dictionary<string, string?> { ["tenantId"] = fresh.TenantId.ToString() };
        if (fresh.State is { ValueKind: JsonValueKind.Object } state)
            foreach (var member in state.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.String)) parameters[member.Name] = member.Value.GetString();
        return QueryHelpers.AddQueryString("", parameters);
    }
}
