using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Entities;

/// <summary>What makes a grant valid, as far as no store is needed to tell.</summary>
internal static class GrantRules
{
    /// <summary>Members that only answers have.</summary>
    private static readonly string[] ServerOwned = ["entity", "id", "insertInstant", "lastUpdateInstant"];

    /// <summary>The grant that a request describes, its recipient and the permissions as ids; null after an error.</summary>
    /// <param name="type">Of the entity that something is granted on; null where it is gone.</param>
    public static (EntityGrant Grant, GrantRecipient Recipient, ImmutableArray<Guid> Permissions)? Read(JsonObject document, EntityType? type, Errors errors)
    {
        foreach (var name in ServerOwned) document.Remove(name);
        if (ContractReading.Read<EntityGrant>(ContractJson.WithoutNulls(document), "grant", errors) is not { } grant) return null;
        errors.DataIsObject(grant.Data);
        var recipient = Recipient(grant.UserId, grant.RecipientEntityId, errors);
        var permissions = Permissions(grant, type, errors);
        return errors.Any ? null : (grant, recipient!, permissions);
    }

    private static GrantRecipient? Recipient(Guid? userId, Guid? entityId, Errors errors)
    {
        if (userId is { } user && entityId is null) return new GrantRecipient(IsUser: true, user);
        if (entityId is { } entity && userId is null) return new GrantRecipient(IsUser: false, entity);
        var rule = userId is null ? "missing" : "invalid";
        errors.Add("userId", rule, "A grant has one recipient: a [grant.userId] or a [grant.recipientEntityId].");
        return null;
    }

    /// <summary>A grant that names no permissions gives the default ones; an empty list gives none.</summary>
    private static ImmutableArray<Guid> Permissions(EntityGrant grant, EntityType? type, Errors errors)
    {
        var known = type?.Permissions ?? [];
        if (grant.Permissions is not { } names) return [.. known.Where(p => p.IsDefault).Select(p => p.Id!.Value)];
        if (names.Length > ItemRules.MostItems)
        {
            errors.Add("permissions", "tooMany", $"A grant may have at most {ItemRules.MostItems} permissions.");
            return [];
        }

        var byName = known.ToDictionary(p => p.Name!, p => p.Id!.Value, StringComparer.Ordinal);
        foreach (var unknown in names.Where(name => !byName.ContainsKey(name)))
            errors.Add("permissions", "invalid", $"The type of the entity has no permission [{unknown}].");
        return errors.Any ? [] : [.. names.Select(name => byName[name]).Distinct()];
    }
}
