using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Messages;

/// <summary>What this server reads of a Kafka producer's settings. It speaks to a REST proxy, not Kafka's own protocol.</summary>
public static class KafkaProducer
{
    /// <summary>The proxy's address, such as <c>https://rest-proxy.example:8082</c>; of this server alone.</summary>
    public const string BridgeUrl = "rest.url";

    /// <summary>Name and password at the proxy, with a colon between them.</summary>
    public const string BridgeUser = "basic.auth.user.info";

    private static readonly string[] SecretWords = ["password", "secret", "jaas", "user.info", "token", "passphrase", "private"];

    /// <summary>Whether a setting is one that nobody is shown again, by its name.</summary>
    public static bool IsSecret(string name) => SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The secret settings of a messenger.</summary>
    public static ImmutableDictionary<string, string> Secrets(Messenger messenger) => messenger.ProducerSecrets is { } text
        ? JsonSerializer.Deserialize<ImmutableDictionary<string, string>>(text, ContractJson.Options) ?? ImmutableDictionary<string, string>.Empty
        : ImmutableDictionary<string, string>.Empty;
}
