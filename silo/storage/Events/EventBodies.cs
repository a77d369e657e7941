using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Storage.Events;

/// <summary>What is stored of events: JSON, or JSON that is sealed because there are tokens in it.</summary>
public static class EventBodies
{
    private const string Masked = "*****";

    /// <summary>Members whose texts are secrets, wherever they stand in an event with secrets.</summary>
    private static readonly string[] Secret = ["token", "refreshToken", "original"];

    /// <summary>Where the sealed body of an event lives.</summary>
    public static string Place(Guid id) => $"event/{id:N}/body";

    /// <summary>An event for people to read: the tokens of a sealed one are masked. Null where it cannot be opened (another master key).</summary>
    public static JsonObject? Show(Guid id, string body, SecretBox secrets)
    {
        try
        {
            if (body.StartsWith('{')) return (JsonObject?)JsonNode.Parse(body, documentOptions: ContractJson.DocumentOptions);
            var opened = (JsonObject)JsonNode.Parse(secrets.Open(body, Place(id)), documentOptions: ContractJson.DocumentOptions)!;
            Mask(opened);
            return opened;
        }
        catch (Exception error) when (error is StoreUnavailableException or JsonException)
        {
            return null;
        }
    }

    private static void Mask(JsonNode? node)
    {
        if (node is JsonArray list)
            foreach (var item in list) Mask(item);
        if (node is not JsonObject holder) return;
        foreach (var (name, value) in holder.ToArray())
        {
            if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String && Secret.Contains(name)) holder[name] = Masked;
            else Mask(value);
        }
    }
}
