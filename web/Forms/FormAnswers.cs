using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Forms;

/// <summary>
/// What a person typed into the fields of a form, checked against the fields: what is required, repeated, one of the
/// options, of the right kind, and what the field's own pattern asks for. Rules of users and passwords are the user grain's.
/// </summary>
internal sealed class FormAnswers
{
    /// <summary>What stands before the name of the field where a value is typed a second time.</summary>
    public const string Again = "confirm.";

    private const int LongestValue = 10_000;
    private readonly Errors _errors = new("");
    private readonly Dictionary<string, string> _values = [];

    /// <summary>The members of the user that were typed, as the API takes them.</summary>
    public JsonObject User { get; } = [];

    /// <summary>The members of the registration that were typed.</summary>
    public JsonObject Registration { get; } = [];

    /// <summary>Consents that were given.</summary>
    public List<Guid> Consents { get; } = [];

    public IReadOnlyList<ContractError> Errors => _errors.ToImmutable();

    /// <summary>What was typed, by the keys of the fields; it holds the password, so it is shown to nobody.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <param name="sent">The value of a name in the request; null where it was not sent.</param>
    public static FormAnswers Read(IEnumerable<FormField> fields, Func<string, string?> sent)
    {
        var answers = new FormAnswers();
        foreach (var field in fields) answers.Read(field, sent);
        return answers;
    }

    private void Read(FormField field, Func<string, string?> sent)
    {
        var text = sent(field.Key) ?? "";
        // A password is what was typed, to the last blank.
        if (field.Key != "user.password") text = text.Trim();
        if (text.Length == 0)
        {
            if (field.Required) _errors.AddField(field.Key, "blank", $"[{field.Name}] is required.");
            return;
        }

        _values[field.Key] = text;
        if (text.Length > LongestValue)
            _errors.AddField(field.Key, "tooLong", $"[{field.Name}] may have at most {LongestValue} characters.");
        else if (field.Confirm && sent(Again + field.Key) is var again && again != text && again?.Trim() != text)
            _errors.AddField(field.Key, "doNotMatch", $"[{field.Name}] was typed differently the second time.");
        else if (!IsValid(field, text) || Value(field, text) is not { } value)
            _errors.AddField(field.Key, "invalid", $"[{field.Name}] is not valid.");
        else
            Put(field, value);
    }

    private static bool IsValid(FormField field, string text)
    {
        if (!field.Options.IsEmpty && !field.Options.Contains(text)) return false;
        return !field.Validator.Enabled || (FieldPattern.TryParse(field.Validator.Expression, out var pattern) && pattern.Matches(text));
    }

    /// <returns>Null where the text is not of the field's kind.</returns>
    private static JsonNode? Value(FormField field, string text) => field.Type switch
    {
        FormDataType.Bool or FormDataType.Consent => text is "true" or "false" ? text == "true" : null,
        FormDataType.Number => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null,
        FormDataType.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text : null,
        FormDataType.Email => text.Contains('@', StringComparison.Ordinal) && !text.Any(char.IsWhiteSpace) ? text : null,
        FormDataType.PhoneNumber => text.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '.' or '/') ? text : null,
        _ when field.Key.EndsWith(".preferredLanguages", StringComparison.Ordinal) =>
            new JsonArray([.. text.Split(',', ' ').Where(l => l.Length > 0).Select(l => (JsonNode)l)]),
        _ => text,
    };

    private void Put(FormField field, JsonNode value)
    {
        if (field.Type == FormDataType.Consent)
        {
            if (field.ConsentId is { } consent && value.GetValue<bool>()) Consents.Add(consent);
            return;
        }

        var names = field.Key.Split('.');
        var holder = names[0] == "registration" ? Registration : User;
        foreach (var name in names.AsSpan(1, names.Length - 2))
            holder = holder[name] as JsonObject ?? Added(holder, name);
        holder[names[^1]] = value;
    }

    private static JsonObject Added(JsonObject holder, string name)
    {
        var added = new JsonObject();
        holder[name] = added;
        return added;
    }
}
