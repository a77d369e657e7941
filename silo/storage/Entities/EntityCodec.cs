using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Entities;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Storage.Entities;

/// <summary>
/// Between an entity and its state row: JSON, with the client secret sealed. New members are only added, each with the
/// meaning of its absence, so that rows of earlier versions still read.
/// </summary>
public sealed class EntityCodec(SecretBox secrets)
{
    private static readonly string[] Sealed = ["clientSecret"];

    public byte[] Write(Entity entity)
    {
        var document = ContractJson.ToNode(entity);
        secrets.SealMembers(document, Sealed, EntityKeys.State(entity.Id!.Value));
        return ContractJson.Write(document);
    }

    /// <exception cref="StoreUnavailableException">The secret cannot be opened with this master key.</exception>
    public Entity Read(Guid entityId, ReadOnlyMemory<byte> body)
    {
        var document = (JsonObject)JsonNode.Parse(body.Span)!;
        secrets.OpenMembers(document, Sealed, EntityKeys.State(entityId));
        return ContractJson.Read<Entity>(document);
    }
}
