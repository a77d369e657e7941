using System.Collections.Immutable;
using OrleansAuth.Configuration;

namespace OrleansAuth.Messages;

/// <summary>
/// Somebody who brings messages to phones: any server that takes them by HTTP, a topic of Kafka, or Twilio and what speaks like it.
/// Members of the other types are kept and mean nothing.
/// </summary>
public sealed record Messenger : ConfigurationObject, INamed
{
    /// <summary>Of Twilio: the account, which is part of the address.</summary>
    public string? AccountSID { get; init; }

    /// <summary>Of Twilio: the password of the account. Never shown.</summary>
    public string? AuthToken { get; init; }

    /// <summary>Of Generic: how long a connection may take, milliseconds.</summary>
    public int ConnectTimeout { get; init; } = 2_000;

    /// <summary>Every delivery that fails leaves an entry in the event log, not only what is given up.</summary>
    public bool Debug { get; init; }

    /// <summary>Of Kafka: the topic.</summary>
    public string? DefaultTopic { get; init; }

    /// <summary>Of Twilio: the number that messages are from, unless <see cref="MessagingServiceSid"/> decides.</summary>
    public string? FromPhoneNumber { get; init; }

    /// <summary>Of Generic: sent with each message.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Of Generic: never shown.</summary>
    public string? HttpAuthenticationPassword { get; init; }

    /// <summary>Of Generic: HTTP Basic, where there is a name.</summary>
    public string? HttpAuthenticationUsername { get; init; }

    /// <summary>What it carries.</summary>
    public ImmutableArray<MessageType> MessageTypes { get; init; } = [MessageType.SMS];

    /// <summary>Of Twilio: the service that chooses the number that a message is from.</summary>
    public string? MessagingServiceSid { get; init; }

    /// <summary>Unique; 1 to 191 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of Kafka: settings by their names, without those that are secrets.</summary>
    public ImmutableDictionary<string, string> Producer { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Of Kafka: the settings that are secrets, as a JSON object. Never shown; moved here by the server.</summary>
    public string? ProducerSecrets { get; init; }

    /// <summary>Of Generic: how long an answer may take, milliseconds.</summary>
    public int ReadTimeout { get; init; } = 2_000;

    /// <summary>Of Generic: the receiver's certificate in PEM. Kept; certificates are checked against the machine's authorities.</summary>
    public string? SslCertificate { get; init; }

    /// <summary>The older name of <see cref="MessageTypes"/>; kept.</summary>
    public string? Transport { get; init; }

    /// <summary>Fixed at creation. Null is refused.</summary>
    public MessengerType? Type { get; init; }

    /// <summary>Of Generic the whole address, of Twilio what stands before <c>/2010-04-01</c>.</summary>
    public string? Url { get; init; }

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"messenger {Id}";
}

/// <summary>The kinds of messengers.</summary>
public enum MessengerType { Generic, Kafka, Twilio }
