using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.IO;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.MemberAccessors;
using HandlebarsDotNet.ObjectDescriptors;
using HandlebarsDotNet.PathStructure;

namespace OrleansAuth.Themes;

/// <summary>
/// The only kinds of values that a template meets, besides numbers, booleans and its own literals: made from JSON when
/// they are asked for. None of them shows a member of a .NET type.
/// </summary>
internal abstract class TemplateValue
{
    private static readonly System.Text.Encodings.Web.HtmlEncoder Encoder = System.Text.Encodings.Web.HtmlEncoder.Create(UnicodeRanges.All);

    public static object? From(JsonNode? node) => node switch
    {
        JsonObject document => new TemplateMap(document),
        JsonArray list => new TemplateList(list),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),
            _ => FromText(value.GetValue<string>()),
        },
        _ => null,
    };

    /// <summary>Null for an empty text, so that <c>{{#if}}</c> takes it for nothing.</summary>
    public static object? FromText(string text) => text.Length == 0 ? null : new TemplateText(text);

    /// <summary>The text of a value as helpers compare it.</summary>
    public static string TextOf(object? value) => value switch
    {
        TemplateText text => text.Plain,
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary>Escaped for text and for attributes, quoted or not.</summary>
    public static string Escaped(string text) => Encoder.Encode(text).Replace("=", "&#x3D;", StringComparison.Ordinal);
}

internal sealed class TemplateText(string plain) : TemplateValue
{
    public string Plain => plain;
}

internal sealed class TemplateMap(JsonObject members) : TemplateValue
{
    public JsonObject Members => members;
}

internal sealed class TemplateList(JsonArray items) : TemplateValue, IEnumerable<object?>
{
    public JsonArray Items => items;

    public IEnumerator<object?> GetEnumerator()
    {
        foreach (var item in items)
        {
            TemplateRun.Step();
            yield return From(item);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Tells the engine how to look into values: into ours by their data, and into nothing else.</summary>
internal sealed class TemplateDescriptors : IObjectDescriptorProvider, IMemberAccessor
{
    private readonly ObjectDescriptor _list;
    private readonly ObjectDescriptor _other;

    public TemplateDescriptors()
    {
        _list = new ObjectDescriptor(typeof(TemplateList), this, (_, _) => Array.Empty<object>(), _ => new EnumerableIterator<TemplateList, object?>());
        _other = new ObjectDescriptor(typeof(object), this, (_, value) => value is TemplateMap map ? map.Members.Select(member => member.Key) : Array.Empty<string>(), _ => new NothingInside());
    }

    public bool TryGetDescriptor(Type type, [NotNullWhen(true)] out ObjectDescriptor? value)
    {
        value = type == typeof(TemplateList) ? _list : _other;
        return true;
    }

    public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
    {
        TemplateRun.Step();
        value = instance switch
        {
            TemplateMap map when map.Members.TryGetPropertyValue(memberName.TrimmedValue, out var member) => TemplateValue.From(member),
            // What a partial was given by name; the engine puts the members of its context beside them.
            HashParameterDictionary given when given.TryGetValue(memberName.TrimmedValue, out var parameter) => parameter,
            TemplateList list when memberName.TrimmedValue == "length" => (double)list.Items.Count,
            TemplateList list when int.TryParse(memberName.TrimmedValue, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count => TemplateValue.From(list.Items[index]),
            _ => null,
        };
        return value is not null;
    }

    private sealed class NothingInside : IIterator
    {
        public void Iterate(in EncodedTextWriter writer, BindingContext context, ChainSegment[] blockParamsVariables, object input, TemplateDelegate template, TemplateDelegate ifEmpty) =>
            ifEmpty(writer, context);
    }
}

/// <summary>Writes our values escaped, however many braces the template has around them, unless the output is plain text.</summary>
internal sealed class TemplateFormatter : IFormatterProvider, IFormatter
{
    public bool TryCreateFormatter(Type type, [NotNullWhen(true)] out IFormatter? formatter)
    {
        formatter = this;
        return !type.IsAssignableTo(typeof(UndefinedBindingResult)) || (formatter = null) is not null;
    }

    public void Format<T>(T value, in EncodedTextWriter writer) =>
        writer.Write(TemplateRun.Current.Escapes ? TemplateValue.Escaped(TemplateValue.TextOf(value)) : TemplateValue.TextOf(value), encode: false);
}
