using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OrleansAuth.Common;

/// <summary>How the contract writes JSON: camel case, names for enumerations, members without a value left out.</summary>
public static class ContractJson
{
    /// <summary>Deeper nesting is refused at the edge.</summary>
    public const int MaximumDepth = 64;

    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>For reading text into nodes; the same limits as <see cref="Options"/>.</summary>
    public static JsonDocumentOptions DocumentOptions { get; } = new() { MaxDepth = MaximumDepth };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <exception cref="JsonException">The text is not of this shape; <see cref="JsonException.Path"/> says where.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<T>(utf8, Options) ?? throw new JsonException("The JSON value is null.");

    /// <exception cref="JsonException">The node is not of this shape; <see cref="JsonException.Path"/> says where.</exception>
    public static T Read<T>(JsonNode node) => node.Deserialize<T>(Options) ?? throw new JsonException("The JSON value is null.");

    public static JsonObject ToNode<T>(T value) => (JsonObject)JsonSerializer.SerializeToNode(value, Options)!;

    /// <summary>
    /// Takes members and items that are null out of a request, so that they mean what absent ones mean. <c>data</c> belongs
    /// to the caller and keeps its nulls.
    /// </summary>
    public static JsonObject WithoutNulls(JsonObject node)
    {
        foreach (var (name, value) in node.ToArray())
        {
            if (value is null)
                node.Remove(name);
            else if (name != "data")
                Strip(value);
        }

        return node;
    }

    private static void Strip(JsonNode node)
    {
        if (node is JsonObject child)
            WithoutNulls(child);
        else if (node is JsonArray list)
            StripItems(list);
    }

    private static void StripItems(JsonArray list)
    {
        list.RemoveAll(item => item is null);
        foreach (var item in list) Strip(item!);
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            MaxDepth = MaximumDepth,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }
}
