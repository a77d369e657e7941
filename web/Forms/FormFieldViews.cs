using OrleansAuth.Common;
using OrleansAuth.Themes;

namespace OrleansAuth.Forms;

/// <summary>Fields of a form as a hosted page shows them.</summary>
internal static class FormFieldViews
{
    /// <param name="values">What was typed before, by key; passwords among them are not shown.</param>
    public static IReadOnlyList<HostedField> Of(IEnumerable<FormField> fields, HostedPage page, IReadOnlyDictionary<string, string> values, IReadOnlyList<ContractError> errors)
    {
        var views = new List<HostedField>();
        foreach (var field in fields)
        {
            var error = errors.FirstOrDefault(e => e.Field == field.Key);
            var view = Shape(field, page) with
            {
                Value = field.Control == FormControl.Password ? null : values.GetValueOrDefault(field.Key),
                Error = error is null ? null : page.Text(error),
                Required = field.Required,
            };
            views.Add(view);
            if (field.Confirm) views.Add(view with { Name = FormAnswers.Again + field.Key, Label = page.Text("form.again", view.Label), Error = null, Hint = null, Value = null });
        }

        return HostedField.Focus(views);
    }

    /// <summary>A member of the user as a field, for pages that have no form of their own.</summary>
    /// <param name="key">Such as <c>user.firstName</c>.</param>
    public static HostedField OfMember(string key, HostedPage page) => Shape(BuiltInForms.Fields.First(f => f.Key == key), page);

    private static HostedField Shape(FormField field, HostedPage page) => new(field.Key, Label(field, page))
    {
        Control = field.Control switch
        {
            FormControl.Checkbox => FieldControl.Checkbox,
            FormControl.Radio => FieldControl.Radio,
            FormControl.Select => FieldControl.Select,
            FormControl.Textarea => FieldControl.Textarea,
            _ => FieldControl.Input,
        },
        Type = (field.Control, field.Type) switch
        {
            (FormControl.Password, _) => "password",
            (_, FormDataType.Email) => "email",
            (_, FormDataType.PhoneNumber) => "tel",
            (_, FormDataType.Date) => "date",
            _ => field.Key.EndsWith("obilePhone", StringComparison.Ordinal) ? "tel" : "text",
        },
        InputMode = field.Type == FormDataType.Number ? "decimal" : null,
        Autocomplete = Autocomplete(field.Key),
        Hint = page.TextOrNull($"hint.{field.Key}"),
        MaxLength = field.Control == FormControl.Textarea ? 10_000 : 255,
        Options = Options(field, page),
    };

    /// <summary>A theme can name every field; this server names those of its own.</summary>
    private static string Label(FormField field, HostedPage page) => page.TextOrNull($"field.{field.Key}") ?? field.Name;

    private static IReadOnlyList<FieldOption> Options(FormField field, HostedPage page) => field.Type is FormDataType.Bool or FormDataType.Consent
        ? [new("true", page.Text("yes")), new("false", page.Text("no"))]
        : [.. field.Options.Select(option => new FieldOption(option, page.TextOrNull($"field.{field.Key}.{option}") ?? option))];

    private static string Autocomplete(string key) => key switch
    {
        "user.email" => "email",
        "user.username" or "registration.username" => "username",
        "user.password" => "new-password",
        "user.firstName" => "given-name",
        "user.middleName" => "additional-name",
        "user.lastName" => "family-name",
        "user.fullName" => "name",
        "user.birthDate" => "bday",
        "user.phoneNumber" or "user.mobilePhone" => "tel",
        "user.imageUrl" => "photo",
        _ => "off",
    };
}
