using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Mail;

/// <summary>
/// Who uses a template or a messenger: whatever is configured and has its id in a member whose name ends as the reference's does. So
/// families that come later are asked too. Only removals ask, which are rare.
/// </summary>
internal static class TemplateUse
{
    private const int MostNamed = 3;

    /// <param name="ending">Such as <c>emplateId</c>, for every <c>…TemplateId</c>.</param>
    /// <returns>The refusal to remove it, or null where nobody uses it.</returns>
    public static Refusal? Refuse(ConfigurationFamily family, Guid id, string ending, ConfigurationSnapshot snapshot)
    {
        var wanted = id.ToString();
        var users = Families.All.Where(other => other != family).SelectMany(snapshot.All)
            .Where(value => Names(JsonSerializer.SerializeToNode<object>(value, ContractJson.Options), ending, wanted))
            .Select(value => $"{Families.Of(value.GetType()).Name} {(value as INamed)?.Name ?? value.Id.ToString()}").Take(MostNamed).ToList();
        return users.Count == 0
            ? null
            : Refusal.Invalid(ContractError.General($"[inUse]{family.Name}", $"This {family.Name} is in use by {string.Join(", ", users)}. Give them another one first."));
    }

    private static bool Names(JsonNode? node, string ending, string wanted) => node switch
    {
        JsonObject document => document.Any(member => member.Key != "data" && (member.Value is JsonValue value
            ? member.Key.EndsWith(ending, StringComparison.Ordinal) && value.TryGetValue<string>(out var text) && text.Equals(wanted, StringComparison.OrdinalIgnoreCase)
            : Names(member.Value, ending, wanted))),
        JsonArray list => list.Any(item => Names(item, ending, wanted)),
        _ => false,
    };
}
