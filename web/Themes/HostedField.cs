using System.Text.Json.Nodes;

namespace OrleansAuth.Themes;

/// <summary>What a field of a hosted page looks like.</summary>
internal enum FieldControl { Input, Textarea, Select, Radio, Checkbox }

/// <summary>One labelled field of a hosted page, with its hint or its error.</summary>
/// <param name="Name">The name it is sent under.</param>
internal sealed record HostedField(string Name, string Label)
{
    public FieldControl Control { get; init; }

    /// <summary>The type of an input.</summary>
    public string Type { get; init; } = "text";

    /// <summary>What browsers and password managers fill in here (HTML, section 4.10.18.7).</summary>
    public string Autocomplete { get; init; } = "off";

    public string? InputMode { get; init; }

    /// <summary>What was typed before. Never a password.</summary>
    public string? Value { get; init; }

    public string? Error { get; init; }

    public string? Hint { get; init; }

    public bool Required { get; init; } = true;

    /// <summary>The field that has the focus when the page opens: the first to mend, or the first of all.</summary>
    public bool Focused { get; init; }

    public int MaxLength { get; init; } = 255;

    /// <summary>A short code that is typed from elsewhere.</summary>
    public bool IsCode { get; init; }

    public IReadOnlyList<FieldOption> Options { get; init; } = [];

    /// <summary>A link beside the label, such as to a forgotten password.</summary>
    public PageLink? Link { get; init; }

    /// <summary>For <c>id</c> and what refers to it: the name without characters that selectors would trip over.</summary>
    public string Id => string.Concat(Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    /// <summary>What describes the field to those who cannot see it.</summary>
    public string? DescribedBy => (Error, Hint) switch
    {
        (null, null) => null,
        (null, _) => $"{Id}-hint",
        (_, null) => $"{Id}-note",
        _ => $"{Id}-note {Id}-hint",
    };

    /// <summary>As templates of a theme see it.</summary>
    public JsonObject Data() => new()
    {
        ["name"] = Name,
        ["id"] = Id,
        ["label"] = Label,
        ["control"] = Control.ToString().ToLowerInvariant(),
        ["type"] = Type,
        ["autocomplete"] = Autocomplete,
        ["value"] = Value,
        ["error"] = Error,
        ["hint"] = Hint,
        ["required"] = Required,
        ["focused"] = Focused,
        ["options"] = new JsonArray([.. Options.Select(o => (JsonNode)new JsonObject { ["value"] = o.Value, ["label"] = o.Label, ["selected"] = o.Value == Value })]),
    };

    /// <summary>Gives the focus to the first field with an error; without one, to the first that is empty.</summary>
    public static IReadOnlyList<HostedField> Focus(IReadOnlyList<HostedField> fields)
    {
        var first = fields.FirstOrDefault(f => f.Error is not null) ?? fields.FirstOrDefault(f => string.IsNullOrEmpty(f.Value) && f.Control != FieldControl.Checkbox) ?? (fields.Count > 0 ? fields[0] : null);
        return [.. fields.Select(f => f with { Focused = ReferenceEquals(f, first) })];
    }
}

/// <summary>One of the values that a field can have.</summary>
internal sealed record FieldOption(string Value, string Label);

/// <summary>A link with its words.</summary>
internal sealed record PageLink(string Href, string Text);
