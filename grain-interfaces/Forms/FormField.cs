using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Forms;

/// <summary>One thing that forms can ask for.</summary>
public sealed record FormField : ConfigurationObject, INamed
{
    /// <summary>Whether it has to be typed a second time.</summary>
    public bool Confirm { get; init; }

    /// <summary>The consent that a field of the type <see cref="FormDataType.Consent"/> gives.</summary>
    public Guid? ConsentId { get; init; }

    public FormControl Control { get; init; } = FormControl.Text;

    /// <summary>Shown to administrators only.</summary>
    public string? Description { get; init; }

    /// <summary>Where the value goes, as <see cref="FormFieldKeys"/> has it: <c>user.email</c>, <c>registration.data.size</c>.</summary>
    public string Key { get; init; } = "";

    /// <summary>Unique; 1 to 191 characters. The label where no message has the key.</summary>
    public string Name { get; init; } = "";

    /// <summary>What a select or a group of radio buttons offers.</summary>
    public ImmutableArray<string> Options { get; init; } = [];

    public bool Required { get; init; }

    public FormDataType Type { get; init; } = FormDataType.String;

    public FormFieldValidator Validator { get; init; } = new();
}

/// <summary>A regular expression that a value has to match whole.</summary>
public sealed record FormFieldValidator : ContractObject
{
    public bool Enabled { get; init; }
    public string? Expression { get; init; }
}

/// <summary>How a field looks.</summary>
public enum FormControl
{
    [JsonStringEnumMemberName("checkbox")] Checkbox,
    [JsonStringEnumMemberName("number")] Number,
    [JsonStringEnumMemberName("password")] Password,
    [JsonStringEnumMemberName("radio")] Radio,
    [JsonStringEnumMemberName("select")] Select,
    [JsonStringEnumMemberName("textarea")] Textarea,
    [JsonStringEnumMemberName("text")] Text,
}

/// <summary>What a field's value is.</summary>
public enum FormDataType
{
    [JsonStringEnumMemberName("bool")] Bool,
    [JsonStringEnumMemberName("consent")] Consent,
    [JsonStringEnumMemberName("date")] Date,
    [JsonStringEnumMemberName("email")] Email,
    [JsonStringEnumMemberName("number")] Number,
    [JsonStringEnumMemberName("phoneNumber")] PhoneNumber,
    [JsonStringEnumMemberName("string")] String,
}
