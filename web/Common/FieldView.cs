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
    public bool First { get; init; }

    public string? Value => State[Id]?.AttemptedValue;

    public string? Error => State[Id]?.Errors.FirstOrDefault()?.ErrorMessage;
}
