using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Storage.Configuration;

/// <summary>Between a configuration object and its state row: JSON, with the family's secrets sealed.</summary>
public sealed class ConfigurationCodec(SecretBox secrets)
{
    public static StateKey Key(ConfigurationFamily family, Guid id) => new(family.Kind, id.ToString("N"));

    public byte[] Write(ConfigurationFamily family, ConfigurationObject value)
    {
        var document = ContractJson.ToNode<object>(value);
        secrets.SealMembers(document, family.Secrets, Key(family, value.Id));
        return ContractJson.Write(document);
    }

    /// <exception cref="StoreUnavailableException">A secret cannot be opened with this master key.</exception>
    public ConfigurationObject Read(ConfigurationFamily family, StateKey key, ReadOnlyMemory<byte> body)
    {
        var document = (JsonObject)JsonNode.Parse(body.Span)!;
        secrets.OpenMembers(document, family.Secrets, key);
        return (ConfigurationObject)document.Deserialize(family.Type, ContractJson.Options)!;
    }
}
