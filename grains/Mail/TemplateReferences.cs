using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Messages;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Mail;

/// <summary>
/// What tenants and applications ask of the templates and messengers that they name: those that are newly named exist and are of the
/// kind that is used there. One that stayed is not looked at: what was valid when it was stored never blocks another change.
/// </summary>
internal static class TemplateReferences
{
    public static void Templates(this Errors errors, ConfigurationObject next, ConfigurationObject? current, ConfigurationSnapshot snapshot)
    {
        // Numbers that are no JSON are refused already, and cannot be written.
        if (errors.Any) return;
        var known = current is null ? [] : Named(ContractJson.ToNode<object>(current), "").ToHashSet();
        foreach (var (path, text) in Named(ContractJson.ToNode<object>(next), "").Where(reference => !known.Contains(reference)))
            if (Missing(path, text, snapshot) is { } kind) errors.Add(path, "invalid", $"There is no {kind} with the Id [{text}].");
    }

    private static string? Missing(string path, string text, ConfigurationSnapshot snapshot)
    {
        Guid? id = Guid.TryParse(text, out var read) ? read : null;
        if (path.EndsWith("messengerId", StringComparison.Ordinal)) return snapshot.Find<Messenger>(id) is null ? "messenger" : null;
        var voice = path.Contains(".voice.", StringComparison.Ordinal);
        if (!voice && !path.Contains(".sms.", StringComparison.Ordinal) && !path.StartsWith("phoneConfiguration.", StringComparison.Ordinal))
            return snapshot.Find<EmailTemplate>(id) is null ? "e-mail template" : null;
        return snapshot.Find<MessageTemplate>(id)?.Type == (voice ? MessageType.Voice : MessageType.SMS) ? null : $"message template of the type {(voice ? "Voice" : "SMS")}";
    }

    private static IEnumerable<(string Path, string Text)> Named(JsonObject document, string prefix)
    {
        foreach (var (name, value) in document)
        {
            if (name == "data") continue;
            if (value is JsonObject child)
                foreach (var inside in Named(child, $"{prefix}{name}.")) yield return inside;
            else if (value?.GetValueKind() == JsonValueKind.String && (name.EndsWith("emplateId", StringComparison.Ordinal) || name == "messengerId"))
                yield return (prefix + name, value.GetValue<string>());
        }
    }
}
