using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Entities;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Storage.Entities;

/// <summary>Entities and grants as the API shows them, put together from what is stored and what is configured.</summary>
public static class EntityDisplay
{
    /// <param name="withSecret">Only answers about the one entity that was asked for show its client secret; lists and grants do not.</param>
    public static JsonObject Show(Entity entity, ConfigurationSnapshot snapshot, bool withSecret)
    {
        var shown = ContractJson.ToNode(withSecret ? entity : entity with { ClientSecret = null });
        if (snapshot.Find<EntityType>(entity.Type?.Id) is { } type) shown["type"] = Families.EntityTypes.Shown(type);
        return shown;
    }

    /// <param name="entity">What the grant is on.</param>
    public static JsonObject Show(EntityGrantRow grant, Entity entity, ConfigurationSnapshot snapshot)
    {
        var shown = new JsonObject
        {
            ["entity"] = Show(entity, snapshot, withSecret: false),
            ["id"] = grant.Id,
            ["insertInstant"] = grant.InsertInstant,
            ["lastUpdateInstant"] = grant.LastUpdateInstant,
            ["permissions"] = new JsonArray([.. Names(snapshot.Find<EntityType>(entity.Type?.Id), grant.PermissionIds).Select(name => (JsonNode)name)]),
            [grant.Recipient.IsUser ? "userId" : "recipientEntityId"] = grant.Recipient.Id,
        };
        if (grant.Data is { } data) shown["data"] = JsonNode.Parse(data);
        return shown;
    }

    /// <summary>The names of those of these permissions that the type has, sorted.</summary>
    public static ImmutableArray<string> Names(EntityType? type, IReadOnlyCollection<Guid> permissionIds) =>
        type is null || permissionIds.Count == 0 ? [] : [.. type.Permissions.Where(p => permissionIds.Contains(p.Id!.Value)).Select(p => p.Name!).Order(StringComparer.Ordinal)];
}
