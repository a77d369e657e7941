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
internal sealed class RegisterModel(LoginPages pages, NewAccounts accounts, ConfigurationReader configuration, IDataProtectionProvider protection, Clock clock) : HostedModel(pages)
{
    public RegistrationConfiguration Settings => Application.RegistrationConfiguration;

    public override string Template => "oauth2Register";

    public override string Title => Hosted.Text("register.title");

    public override string? Lead => Steps > 1 ? Hosted.Text("register.step", $"{Step + 1}", $"{Steps}") : Hosted.Text("sign-in.lead", Application.Name);

    public override string? Action => PathTo("/oauth2/register");

    public override IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink> { ["signIn"] = new(PathTo("/oauth2/authorize"), Hosted.Text("sign-in.button")) };

    /// <summary>The step that is shown, from 0.</summary>
    public int Step { get; private set; }

    public int Steps { get; private set; } = 1;

    /// <summary>What was typed in other steps, sealed; null where there is only one.</summary>
    public string? Progress { get; private set; }

    private string Purpose => $"registration/{Tenant.Id}/{Application.Id}/{Settings.FormId}";

    public async Task<IActionResult> OnGetAsync()
    {
        if (await Elsewhere() is { } elsewhere) return elsewhere;
        if (FormSteps() is { } steps) return ShowStep(steps, FormProgress.Begin, []);
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
        (data["step"], data["steps"], data["progress"]) = (Step + 1, Steps, Progress);
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

    private async Task<IActionResult> PostStep(ImmutableArray<ImmutableArray<FormField>> steps, IFormCollection form)
    {
        var progress = FormProgress.Open(form[FormProgress.Field], protection, Purpose, clock);
        var at = Math.Clamp(progress.Step, 0, steps.Length - 1);
        var answers = FormAnswers.Read(steps[at], name => form[name]);
        var values = progress.Values.RemoveRange(steps[at].Select(f => f.Key)).SetItems(answers.Values);
        if (form["back"] == "true") return ShowStep(steps, new FormProgress(Math.Max(0, at - 1), values), []);
        if (answers.Errors.Count > 0) return ShowStep(steps, new FormProgress(at, values), answers.Errors);
        if (at + 1 < steps.Length) return ShowStep(steps, new FormProgress(at + 1, values), []);

        // All of them once more: a step may have been left out by hand.
        var all = steps.SelectMany(s => s).ToList();
        var whole = FormAnswers.Read(all, name => values.GetValueOrDefault(name.StartsWith(FormAnswers.Again, StringComparison.Ordinal) ? name[FormAnswers.Again.Length..] : name));
        if (whole.Errors.Count > 0) return ShowStep(steps, new FormProgress(StepOf(whole.Errors), values), whole.Errors);
        var (refusal, done) = await Create(whole.User, whole.Registration);
        if (done is not null) return done;
        var answer = ShowStep(steps, new FormProgress(StepOf(refusal!.Errors), values), refusal.Errors);
        // Nothing is wrong with any answer: what is, is said above the form.
        if (refusal.Errors.IsDefaultOrEmpty) Alert = Hosted.Text(RefusalText.KeyOf(refusal));
        return answer;

        int StepOf(IReadOnlyList<ContractError> errors) => Math.Max(0, steps.ToList().FindIndex(s => s.Any(f => errors.Any(e => e.Field == f.Key))));
    }

    /// <summary>Makes the account. What went wrong, or where to go; exactly one of both.</summary>
    private async Task<(Refusal? Refusal, IActionResult? Done)> Create(JsonObject user, JsonObject registration)
    {
        registration["applicationId"] = Application.Id;
        var made = await accounts.Make(Tenant, user, registration, LoginPages.Wish(HttpContext, Visit, remember: false));
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

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult ShowStep(ImmutableArray<ImmutableArray<FormField>> steps, FormProgress progress, IReadOnlyList<ContractError> errors)
    {
        (Step, Steps) = (progress.Step, steps.Length);
        Progress = progress.Seal(protection, Purpose, clock);
        Alert = errors.Where(e => steps[Step].All(f => f.Key != e.Field)).Select(Hosted.Text).FirstOrDefault();
        Fields = FormFieldViews.Of(steps[Step], Hosted, progress.Values, errors);
        return Page();
    }

    /// <summary>The fields of the application's form, step by step; null where its registration has none.</summary>
    private ImmutableArray<ImmutableArray<FormField>>? FormSteps()
    {
        var snapshot = configuration.Current;
        if (Settings.Type != RegistrationType.Advanced || snapshot.Find<Form>(Settings.FormId) is not { } form) return null;
        var steps = form.Steps.Where(s => s.Type == FormStepType.CollectData)
            .Select(s => s.Fields.Select(snapshot.Find<FormField>).OfType<FormField>().ToImmutableArray()).Where(s => !s.IsEmpty).ToImmutableArray();
        return steps.IsEmpty ? null : steps;
    }

    /// <summary>Where registration is off, or somebody is signed in already, this is not the page.</summary>
    private async Task<IActionResult?> Elsewhere()
    {
        if (!Settings.Enabled) return new SeeOtherResult(PathTo("/oauth2/authorize"));
        var step = await Pages.Next(HttpContext, Visit);
        return step is AuthorizationStep.SignIn or AuthorizationStep.ChooseAccount ? null : LoginPages.Go(Visit, step);
    }
}
