using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Forms;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Somebody makes an account, and is registered for the application and signed in with it: on one page, or in the steps of
/// the application's form.
/// </summary>
internal sealed partial class RegisterModel(
    LoginPages pages, NewAccounts accounts, ConfigurationReader configuration, FormProofs proofs, IDataProtectionProvider protection, Clock clock) : HostedModel(pages)
{
    public RegistrationConfiguration Settings => Application.RegistrationConfiguration;

    public override string Template => "oauth2Register";

    public override string Title => Hosted.Text("register.title");

    public override string? Lead => Proving is { } value ? Hosted.Text("register.code-lead", value) : Steps > 1 ? Hosted.Text("register.step", $"{Step + 1}", $"{Steps}") : Hosted.Text("sign-in.lead", Application.Name);

    public override string? Action => PathTo("/oauth2/register");

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink> { ["signIn"] = new(PathTo("/oauth2/authorize"), Hosted.Text("sign-in.button")) };

    /// <summary>The step that is shown, from 0.</summary>
    public int Step { get; private set; }

    public int Steps { get; private set; } = 1;

    /// <summary>What was typed in other steps, sealed; null where there is only one.</summary>
    public string? Progress { get; private set; }

    /// <summary>The address or number that a code was sent to, which this step asks for; null in other steps.</summary>
    public string? Proving { get; private set; }

    /// <summary>What has been done, where something has.</summary>
    public string? Note { get; private set; }

    private string Purpose => $"registration/{Tenant.Id}/{Application.Id}/{Settings.FormId}";

    public async Task<IActionResult> OnGetAsync()
    {
        if (await Elsewhere() is { } elsewhere) return elsewhere;
        if (FormSteps() is { } steps) return ShowStep(steps, FormProgress.Begin);
        var typed = new Dictionary<string, string>();
        if (Visit.Request.LoginHint is { } hint) typed[RegistrationFields.LoginField(Settings)] = hint;
        return ShowBasic(typed, []);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await Elsewhere() is { } elsewhere) return elsewhere;
        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        return FormSteps() is { } steps ? await PostStep(steps, form) : await PostBasic(form);
    }

    protected override void Describe(JsonObject data)
    {
        (data["step"], data["steps"], data["progress"], data["proving"], data["note"]) = (Step + 1, Steps, Progress, Proving, Note);
    }

    private async Task<IActionResult> PostBasic(IFormCollection form)
    {
        var (typed, faults) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        var user = RegistrationFields.Read(Settings, form, typed, faults);
        if (faults.Count > 0) return ShowBasic(typed, faults);
        var (refusal, done) = await Create(user, []);
        if (done is not null) return done;
        foreach (var error in refusal!.Errors) faults.TryAdd(RegistrationFields.FieldOf(error), Hosted.Text(error));
        if (faults.Count == 0) faults[""] = RefusalText.KeyOf(refusal);
        return ShowBasic(typed, faults);
    }

    /// <summary>Makes the account. What went wrong, or where to go; exactly one of both.</summary>
    private async Task<(Refusal? Refusal, IActionResult? Done)> Create(JsonObject user, JsonObject registration, params ImmutableArray<FormProof> proved)
    {
        registration["applicationId"] = Application.Id;
        var made = await accounts.Make(Tenant, user, registration, LoginPages.Wish(HttpContext, Visit, remember: false), proved);
        if (made.Refusal is { } refusal) return (refusal, null);
        // Where a gate is shut that has no page, the sign-in page says which, to who knows the password.
        return (null, await Pages.After(HttpContext, Visit, made.Value!, remember: false) ?? new SeeOtherResult(PathTo("/oauth2/authorize")));
    }

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult ShowBasic(Dictionary<string, string> typed, Dictionary<string, string> faults)
    {
        Alert = faults.Where(f => RegistrationFields.Of(Settings).All(field => field.Name != f.Key)).Select(f => Hosted.Text(f.Value)).FirstOrDefault();
        Fields = HostedField.Focus([.. RegistrationFields.Of(Settings).Select(field =>
        {
            var shape = FormFieldViews.OfMember(field.Name == "passwordConfirm" ? "user.password" : $"user.{field.Name}", Hosted);
            return shape with
            {
                Name = field.Name,
                Label = field.Name == "passwordConfirm" ? Hosted.Text("form.again", shape.Label) : shape.Label,
                Value = typed.GetValueOrDefault(field.Name),
                Required = field.Required,
                Error = faults.TryGetValue(field.Name, out var fault) ? Hosted.Text(fault) : null,
                Hint = field.Name == "password" ? Hosted.Text("register.password-hint", $"{Tenant.PasswordValidationRules.MinLength}") : null,
            };
        })]);
        return Page();
    }

    /// <summary>Where registration is off, or somebody is signed in already, this is not the page.</summary>
    private async Task<IActionResult?> Elsewhere()
    {
        if (!Settings.Enabled) return new SeeOtherResult(PathTo("/oauth2/authorize"));
        var step = await Pages.Next(HttpContext, Visit);
        return step is AuthorizationStep.SignIn or AuthorizationStep.ChooseAccount ? null : LoginPages.Go(Visit, step);
    }
}
