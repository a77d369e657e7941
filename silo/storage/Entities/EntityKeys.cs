using OrleansAuth.Entities;

namespace OrleansAuth.Storage.Entities;

/// <summary>Where the parts of an entity are stored.</summary>
public static class EntityKeys
{
    /// <summary>Of the entity itself.</summary>
    public static StateKey State(Guid entityId) => new("entity", entityId.ToString("N"));

    /// <summary>How claims name their owner.</summary>
    public static string Owner(Guid entityId) => State(entityId).ToString();

    /// <summary>
    /// The names that an entity holds among all clients: its client id, and its id too, whatever its client id is, so that no
    /// audience of a token can mean both an entity and an application.
    /// </summary>
    public static IReadOnlyCollection<ClaimKey> Claims(Entity entity) =>
        new HashSet<ClaimKey> { Client(entity.Id!.Value.ToString()), Client(entity.ClientId!) };

    /// <summary>A client id as it is claimed and looked for: a UUID in one spelling, everything else as it is.</summary>
    public static string NormaliseClientId(string clientId) => Guid.TryParse(clientId, out var id) ? id.ToString() : clientId;

    private static ClaimKey Client(string clientId) => new("client-id", NormaliseClientId(clientId));
}
