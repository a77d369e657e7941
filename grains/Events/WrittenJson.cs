using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OrleansAuth.Common;

namespace OrleansAuth.Events;

/// <summary>
/// A value of an event that is written already: it goes into the event as it is, and nobody reads it again on the way. It never changes, so
/// several events may say the same; whoever wants to look into it or change it needs a <see cref="JsonObject"/> instead.
/// </summary>
/// <param name="utf8">One value, written as <see cref="ContractJson"/> does, without blanks; never changed afterwards.</param>
[JsonConverter(typeof(Writer))]
internal sealed class WrittenJson(byte[] utf8)
{
    private static readonly JsonTypeInfo<WrittenJson> Type = (JsonTypeInfo<WrittenJson>)ContractJson.Options.GetTypeInfo(typeof(WrittenJson));

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Utf8 => utf8;

    /// <summary>A node for one place: a node cannot stand in two, but they can share what they say.</summary>
    public JsonNode ToNode() => JsonValue.Create(this, Type)!;

    private sealed class Writer : JsonConverter<WrittenJson>
    {
        public override WrittenJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("It is only written.");

        // It comes from a serializer: checking it would be the reading that this type is there to avoid.
        public override void Write(Utf8JsonWriter writer, WrittenJson value, JsonSerializerOptions options) => writer.WriteRawValue(value.Utf8, skipInputValidation: true);
    }
}
