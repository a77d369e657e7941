using System.Collections.Immutable;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Common;
using OrleansAuth.Forms;
using OrleansAuth.Hosted;
using OrleansAuth.Pages.Proofs;
using OrleansAuth.Verification;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Registration in the steps of a form. What was typed and proved so far travels sealed with the form; the end asks for all of it
/// once more, and the user's grain asks the store whether what was proved was.
/// </summary>
internal sealed partial class RegisterModel
{
    private const string CodeField = "code";

    private async Task<IActionResult> PostStep(ImmutableArray<RegistrationStep> steps, IFormCollection form)
    {
        var progress = FormProgress.Open(form[FormProgress.Field], protection, Purpose, clock);
        var at = Math.Clamp(progress.Step, 0, steps.Length - 1);
        progress = progress with { Step = at };
        if (steps[at].Verifies is { } key) return await PostCode(steps, progress, key, form);
        var answers = FormAnswers.Read(steps[at].Fields, name => form[name]);
        progress = progress with { Values = progress.Values.RemoveRange(steps[at].Fields.Select(f => f.Key)).SetItems(answers.Values) };
        if (form["back"] == "true") return ShowStep(steps, Before(steps, progress));
        return answers.Errors.Count > 0 ? ShowStep(steps, progress, [.. answers.Errors]) : await GoOn(steps, progress with { Step = at + 1 });
    }

    private async Task<IActionResult> PostCode(ImmutableArray<RegistrationStep> steps, FormProgress progress, string key, IFormCollection form)
    {
        if (form["back"] == "true") return ShowStep(steps, Before(steps, progress));
        if (form["do"] == "resend") return await SendCode(steps, progress, key, again: true);
        // What is to be proved was typed anew, or nothing could be sent so far.
        if (progress.Proofs.GetValueOrDefault(key) is not { } proof || proof.Value != steps[progress.Step].ValueIn(progress)) return await GoOn(steps, progress);
        if (!proof.Completed)
        {
            var code = form[CodeField].ToString().Trim();
            if (code.Length is 0 or > Verifications.LongestId) return ShowCode(steps, progress, proof.Value, "verify.code-missing");
            if (!await proofs.Complete(Tenant, proof, code)) return ShowCode(steps, progress, proof.Value, "verify.code-wrong");
        }

        return await GoOn(steps, progress with { Step = progress.Step + 1, Proofs = progress.Proofs.SetItem(key, proof with { Completed = true }) });
    }

    /// <summary>Shows the next step that has something to ask, or makes the account.</summary>
    private async Task<IActionResult> GoOn(ImmutableArray<RegistrationStep> steps, FormProgress progress)
    {
        for (; progress.Step < steps.Length; progress = progress with { Step = progress.Step + 1 })
        {
            var step = steps[progress.Step];
            if (step.Verifies is not { } key) return ShowStep(steps, progress);
            if (!step.IsOpen(progress)) continue;
            if (step.ValueIn(progress) is not { } value)
                return ShowStep(steps, progress with { Step = StepOf(steps, key) }, ContractError.At(key, "invalid", $"The [{key}] is not valid."));
            return progress.Proofs.GetValueOrDefault(key)?.Value == value ? ShowCode(steps, progress, value, null) : await SendCode(steps, progress, key, again: false);
        }

        return await Finish(steps, progress with { Step = steps.Length - 1 });
    }

    private async Task<IActionResult> SendCode(ImmutableArray<RegistrationStep> steps, FormProgress progress, string key, bool again)
    {
        var step = steps[progress.Step];
        if (step.ValueIn(progress) is not { } value) return await GoOn(steps, progress);
        var proof = await proofs.Begin(Tenant, Application.Id, step.Kind, value, HttpContext, BrowserSessions.Actor(HttpContext));
        if (proof is not null && again) Note = Hosted.Text("verify.sent-again");
        // After too many messages the last one may still help.
        return proof is null ? ShowCode(steps, progress, value, "verify.too-many") : ShowCode(steps, progress with { Proofs = progress.Proofs.SetItem(key, proof) }, value, null);
    }

    /// <summary>All of them once more: a step may have been left out by hand.</summary>
    private async Task<IActionResult> Finish(ImmutableArray<RegistrationStep> steps, FormProgress progress)
    {
        var values = progress.Values;
        var whole = FormAnswers.Read(
            steps.SelectMany(s => s.Fields), name => values.GetValueOrDefault(name.StartsWith(FormAnswers.Again, StringComparison.Ordinal) ? name[FormAnswers.Again.Length..] : name));
        if (whole.Errors.Count > 0) return ShowStep(steps, progress with { Step = StepOf(steps, [.. whole.Errors.Select(e => e.Field)]) }, [.. whole.Errors]);
        var open = steps.ToList().FindIndex(s => s.IsOpen(progress));
        if (open >= 0) return await GoOn(steps, progress with { Step = open });
        ImmutableArray<FormProof> proved = [.. steps.Where(s => s.Verifies is { } key && values.ContainsKey(key)).Select(s => progress.Proofs[s.Verifies!]).Distinct()];
        var (refusal, done) = await Create(whole.User, whole.Registration, proved);
        if (done is not null) return done;
        // It took too long, or somebody else has used it: the codes are asked for anew.
        if (refusal!.Errors is [{ Field: "verificationIds" }]) return await GoOn(steps, progress with { Step = steps.ToList().FindIndex(s => s.Verifies is not null), Proofs = ImmutableDictionary<string, FormProof>.Empty });
        var answer = ShowStep(steps, progress with { Step = StepOf(steps, [.. refusal.Errors.Select(e => e.Field)]) }, refusal.Errors);
        // Nothing is wrong with any answer: what is, is said above the form.
        if (refusal.Errors.IsDefaultOrEmpty) Alert = Hosted.Text(RefusalText.KeyOf(refusal));
        return answer;
    }

    /// <summary>The step before this one that asks for something.</summary>
    private static FormProgress Before(ImmutableArray<RegistrationStep> steps, FormProgress progress) =>
        progress with { Step = Math.Max(0, steps.Take(progress.Step).ToList().FindLastIndex(s => s.Verifies is null)) };

    private static int StepOf(ImmutableArray<RegistrationStep> steps, params IReadOnlyList<string?> fields) =>
        Math.Max(0, steps.ToList().FindIndex(s => s.Fields.Any(f => fields.Contains(f.Key))));

    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult ShowStep(ImmutableArray<RegistrationStep> steps, FormProgress progress, params ImmutableArray<ContractError> errors)
    {
        Seal(steps, progress);
        Alert = errors.Where(e => steps[Step].Fields.All(f => f.Key != e.Field)).Select(Hosted.Text).FirstOrDefault();
        Fields = FormFieldViews.Of(steps[Step].Fields, Hosted, progress.Values, errors);
        return Page();
    }

    /// <param name="fault">What went wrong, as a key of the message catalogue; null where nothing did.</param>
    private Microsoft.AspNetCore.Mvc.RazorPages.PageResult ShowCode(ImmutableArray<RegistrationStep> steps, FormProgress progress, string value, string? fault)
    {
        Seal(steps, progress);
        Proving = value;
        Fields = [CodeFields.Of(CodeField, Hosted, fault)];
        return Page();
    }

    private void Seal(ImmutableArray<RegistrationStep> steps, FormProgress progress)
    {
        (Step, Steps) = (progress.Step, steps.Length);
        Progress = progress.Seal(protection, Purpose, clock);
    }

    /// <summary>The steps of the application's form; null where its registration has none.</summary>
    private ImmutableArray<RegistrationStep>? FormSteps()
    {
        var snapshot = configuration.Current;
        if (Settings.Type != Applications.RegistrationType.Advanced || snapshot.Find<Form>(Settings.FormId) is not { } form) return null;
        var steps = form.Steps.Select(s => new RegistrationStep(s.Type, [.. s.Fields.Select(snapshot.Find<FormField>).OfType<FormField>()]))
            .Where(s => s.Verifies is not null || !s.Fields.IsEmpty).ToImmutableArray();
        return steps.Any(s => s.Verifies is null) ? steps : null;
    }
}
