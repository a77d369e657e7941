using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Forms;

/// <summary>What makes a form valid.</summary>
internal sealed class FormRules() : FamilyRules<Form>(Families.Forms)
{
    private const int MostSteps = 20;
    private const int MostFields = 100;

    protected override IEnumerable<UniqueName> Names(Form value) => [Name(value.Name, null)];

    protected override Form Complete(Form next, Form? current, RuleContext context) => next with { Name = next.Name.Trim(), Type = next.Type ?? current?.Type };

    protected override Refusal? RefuseRemoval(Form current, RuleContext context) => Users(current.Id, context.Snapshot).FirstOrDefault() is { } user
        ? Refusal.Invalid(ContractError.General("[inUse]form", $"The form is in use by the {user}. Give it another one first."))
        : null;

    private static IEnumerable<string> Users(Guid form, ConfigurationSnapshot snapshot) =>
        snapshot.All<Application>().Where(a => a.RegistrationConfiguration.FormId == form || a.FormConfiguration.AdminRegistrationFormId == form || a.FormConfiguration.SelfServiceFormId == form)
            .Select(a => $"application {a.Name}").Concat(snapshot.All<Tenant>().Where(t => t.FormConfiguration.AdminUserFormId == form).Select(t => $"tenant {t.Name}"));

    protected override void Check(Form next, Form? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        if (next.Type is null) errors.Add("type", "blank", "The [form.type] must be one of registration, adminRegistration, adminUser, selfServiceUser.");
        if (current is not null && next.Type != current.Type) errors.Add("type", "notEqual", "The [form.type] cannot be changed.");
        if (next.Steps.IsEmpty) errors.Add("steps", "empty", "A form has at least one step.");
        if (next.Steps.Length > MostSteps || next.Steps.Sum(s => s.Fields.Length) > MostFields)
            errors.Add("steps", "tooMany", $"A form may have at most {MostSteps} steps and {MostFields} fields.");
        if (errors.Any) return;
        if (next.Steps.SelectMany(s => s.Fields).GroupBy(f => f).Any(same => same.Skip(1).Any())) errors.Add("steps", "duplicate", "A field stands in a form once.");
        var asked = new HashSet<string>();
        for (var i = 0; i < next.Steps.Length; i++) CheckStep(next, i, asked, context, errors);
        if (next.Type == FormType.Registration && !asked.Overlaps(["user.email", "user.username", "user.phoneNumber"]))
            errors.Add("steps", "missing", "A registration asks for the email, the username or the phone number of the user.");
    }

    private static void CheckStep(Form form, int index, HashSet<string> asked, RuleContext context, Errors errors)
    {
        var step = form.Steps[index];
        var path = $"steps[{index}]";
        if (step.Type != FormStepType.CollectData)
        {
            var verified = step.Type == FormStepType.VerifyEmail ? "user.email" : "user.phoneNumber";
            if (form.Type != FormType.Registration) errors.Add($"{path}.type", "invalid", "Only a registration has steps that verify.");
            if (!step.Fields.IsEmpty) errors.Add($"{path}.fields", "invalid", "A step that verifies has no fields.");
            if (!asked.Contains(verified)) errors.Add($"{path}.type", "missing", $"A step before this one asks for [{verified}].");
            return;
        }

        if (step.Fields.IsEmpty) errors.Add($"{path}.fields", "empty", "A step that collects data has at least one field.");
        foreach (var id in step.Fields)
        {
            if (context.Snapshot.Find<FormField>(id) is not { } field)
                errors.Add($"{path}.fields", "invalid", $"There is no form field with the Id [{id}].");
            else if (!Fits(field.Key, form.Type!.Value))
                errors.Add($"{path}.fields", "invalid", $"A form of the type [{form.Type}] cannot set [{field.Key}].");
            else if (!asked.Add(field.Key))
                errors.Add($"{path}.fields", "duplicate", $"The form asks for [{field.Key}] twice.");
        }
    }

    private static bool Fits(string key, FormType type) => type switch
    {
        FormType.AdminUser => FormFieldKeys.IsOfUser(key),
        FormType.AdminRegistration => FormFieldKeys.IsOfRegistration(key),
        // What a person may do is decided by others.
        _ => key != "registration.roles",
    };
}
