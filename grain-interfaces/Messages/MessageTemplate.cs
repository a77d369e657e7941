using System.Collections.Immutable;
using OrleansAuth.Configuration;

namespace OrleansAuth.Messages;

/// <summary>What messages to phones say: Handlebars, in one language that always serves and in any number of others.</summary>
public sealed record MessageTemplate : ConfigurationObject, INamed
{
    public string? DefaultTemplate { get; init; }

    /// <summary>By locale, such as <c>de</c> or <c>fr_CA</c>.</summary>
    public ImmutableDictionary<string, string> LocalizedTemplates { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Unique; 1 to 191 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for; fixed at creation.</summary>
    public MessageType Type { get; init; } = MessageType.SMS;

    /// <summary>The texts with the names of their members.</summary>
    public IEnumerable<(string Field, string Text)> Texts()
    {
        if (DefaultTemplate is { } text) yield return ("defaultTemplate", text);
        foreach (var (locale, localized) in LocalizedTemplates) yield return ($"localizedTemplates.{locale}", localized);
    }
}

/// <summary>How a message reaches a phone: as text, or spoken.</summary>
public enum MessageType { SMS, Voice }
