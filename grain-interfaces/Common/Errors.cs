using System.Collections.Immutable;

namespace OrleansAuth.Common;

/// <summary>Collects the errors of one request, so that a caller hears of all of them at once.</summary>
/// <param name="root">The name that wraps the object in the request, such as <c>user</c>; paths begin with it.</param>
public sealed class Errors(string root)
{
    private readonly List<ContractError> _errors = [];

    public bool Any => _errors.Count > 0;

    public Refusal Refusal => Common.Refusal.Invalid([.. _errors]);

    public void Add(string field, string rule, string message) => _errors.Add(ContractError.At($"{root}.{field}", rule, message));

    /// <summary>An error of a member beside the wrapped object, whose path has no root.</summary>
    public void AddField(string field, string rule, string message) => _errors.Add(ContractError.At(field, rule, message));

    public void AddGeneral(string code, string message) => _errors.Add(ContractError.General(code, message));

    /// <summary>A text that must be there and not be too long.</summary>
    public void Required(string? value, string field, int maximumLength = 191)
    {
        if (string.IsNullOrWhiteSpace(value))
            Add(field, "blank", $"The [{root}.{field}] must not be blank.");
        else if (value.Any(char.IsControl))
            Add(field, "invalid", $"The [{root}.{field}] must not have control characters.");
        else
            NotLonger(value, field, maximumLength);
    }

    public void NotLonger(string? value, string field, int maximumLength)
    {
        if (value?.Length > maximumLength)
            Add(field, "tooLong", $"The [{root}.{field}] may have at most {maximumLength} characters.");
        else if (value?.Contains('\0', StringComparison.Ordinal) == true)
            Add(field, "invalid", $"The [{root}.{field}] must not have the character U+0000.");
    }

    public void InRange(long value, string field, long minimum, long maximum = int.MaxValue)
    {
        if (value < minimum || value > maximum)
            Add(field, "invalid", $"The [{root}.{field}] must be between {minimum} and {maximum}.");
    }

    /// <summary>An absolute http or https address.</summary>
    public void HttpUrl(string? value, string field)
    {
        if (value is null) return;
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || value.Length > 2048)
            Add(field, "invalid", $"The [{root}.{field}] must be an absolute http or https URL.");
    }

    public void DataIsObject(System.Text.Json.JsonElement? data, string field = "data")
    {
        if (data is { } element && element.ValueKind != System.Text.Json.JsonValueKind.Object)
            Add(field, "couldNotConvert", $"The [{root}.{field}] must be a JSON object.");
    }

    public ImmutableArray<ContractError> ToImmutable() => [.. _errors];
}
