using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace OrleansAuth.Common;

/// <summary>A labelled input of a form, with its hint or its error.</summary>
/// <param name="Id">The member of the model; also the input's id and name.</param>
internal sealed record FieldView(string Id, string Label, ModelStateDictionary State)
{
    public string Type { get; init; } = "text";
    public string Autocomplete { get; init; } = "off";
    public string? Hint { get; init; }
    public bool Required { get; init; } = true;

    /// <summary>The field that has the focus when the page opens.</summary>
    public bool Focused { get; init; }

    public string? Value => State[Id]?.AttemptedValue;

    public string? Error => State[Id]?.Errors.FirstOrDefault()?.ErrorMessage;

    /// <summary>Of these fields, in the order of the page, the first with an error; without one the first of all.</summary>
    public static string FirstToMend(ModelStateDictionary state, params string[] fields) =>
        fields.FirstOrDefault(field => state[field]?.Errors.Count > 0) ?? fields[0];
}
