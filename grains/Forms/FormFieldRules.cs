using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Forms;

/// <summary>What makes a field of forms valid.</summary>
internal sealed class FormFieldRules() : FamilyRules<FormField>(Families.FormFields)
{
    private const int MostOptions = 300;

    protected override IEnumerable<UniqueName> Names(FormField value) => [Name(value.Name, null)];

    protected override FormField Complete(FormField next, FormField? current, RuleContext context) => next with
    {
        Name = next.Name.Trim(),
        Key = next is { Type: FormDataType.Consent, ConsentId: { } consent } ? FormFieldKeys.OfConsent(consent) : next.Key.Trim(),
    };

    protected override Refusal? RefuseRemoval(FormField current, RuleContext context) =>
        context.Snapshot.All<Form>().FirstOrDefault(f => f.Steps.Any(s => s.Fields.Contains(current.Id))) is { } form
            ? Refusal.Invalid(ContractError.General("[inUse]field", $"The field stands in the form {form.Name}. Take it out there first."))
            : null;

    protected override void Check(FormField next, FormField? current, RuleContext context, Errors errors)
    {
        errors.Required(next.Name, "name");
        errors.NotLonger(next.Description, "description", 1_000);
        CheckKey(next, current, errors);
        CheckControl(next, errors);
        CheckOptions(next, errors);
        if (!next.Validator.Enabled) errors.NotLonger(next.Validator.Expression, "validator.expression", FieldPattern.LongestExpression);
        else if (!FieldPattern.TryParse(next.Validator.Expression, out _))
            errors.Add("validator.expression", "invalid", $"The [field.validator.expression] must be a regular expression of at most {FieldPattern.LongestExpression} characters.");
    }

    private static void CheckKey(FormField next, FormField? current, Errors errors)
    {
        if (next.Type == FormDataType.Consent)
        {
            if (next.ConsentId is null) errors.Add("consentId", "blank", "A field of the type [consent] names its consent.");
        }
        else if (FormFieldKeys.Members.TryGetValue(next.Key, out var type))
        {
            if (next.Type != type) errors.Add("type", "invalid", $"The type of [{next.Key}] is [{type.ToString().ToLowerInvariant()}].");
        }
        else if (!FormFieldKeys.IsData(next.Key))
        {
            errors.Add("key", next.Key.Length == 0 ? "blank" : "invalid", "The [field.key] is a member such as user.firstName, or of one's own below user.data or registration.data.");
        }

        // Values that people have typed stay where they went.
        if (current is not null && next.Key != current.Key) errors.Add("key", "notEqual", "The [field.key] cannot be changed.");
    }

    private static void CheckControl(FormField next, Errors errors)
    {
        var fits = next.Type switch
        {
            FormDataType.Bool => next.Control is FormControl.Checkbox or FormControl.Radio or FormControl.Select,
            FormDataType.Consent => next.Control is FormControl.Checkbox or FormControl.Radio or FormControl.Select,
            FormDataType.Date or FormDataType.Email or FormDataType.PhoneNumber => next.Control == FormControl.Text,
            FormDataType.Number => next.Control is FormControl.Number or FormControl.Text or FormControl.Radio or FormControl.Select,
            _ => next.Control != FormControl.Number,
        };
        if (!fits) errors.Add("control", "invalid", $"A [{next.Control.ToString().ToLowerInvariant()}] cannot hold a [{next.Type.ToString().ToLowerInvariant()}].");
        if ((next.Key == "user.password") != (next.Control == FormControl.Password)) errors.Add("control", "invalid", "The control [password] is for [user.password], and nothing else is for it.");
    }

    private static void CheckOptions(FormField next, Errors errors)
    {
        if (next.Options.Length > MostOptions) errors.Add("options", "tooMany", $"A field may have at most {MostOptions} options.");
        if (next.Options.Any(o => string.IsNullOrWhiteSpace(o) || o.Length > 255)) errors.Add("options", "invalid", "An option has 1 to 255 characters.");
        var chosen = next.Control is FormControl.Radio or FormControl.Select && next is { Type: not (FormDataType.Consent or FormDataType.Bool), Key: not "registration.roles" };
        if (chosen && next.Options.IsEmpty) errors.Add("options", "empty", "A select and radio buttons need options.");
    }
}
