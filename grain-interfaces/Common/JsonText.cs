using System.Text;

namespace OrleansAuth.Common;

/// <summary>
/// A JSON text on its way between the web tier and a grain. Objects of the contract travel in this form, so that members
/// which neither side acts on arrive as they were sent.
/// </summary>
/// <param name="Utf8">The text; whoever wrote it never changes the bytes afterwards.</param>
[GenerateSerializer, Immutable, Alias("json-text.v1")]
public sealed record JsonText(ReadOnlyMemory<byte> Utf8)
{
    public static JsonText From<T>(T value) => new(ContractJson.Write(value));

    /// <exception cref="System.Text.Json.JsonException">The text is not of this shape.</exception>
    public T Read<T>() => ContractJson.Read<T>(Utf8.Span);

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);
}
