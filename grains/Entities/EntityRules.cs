using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Entities;

/// <summary>Reads an entity from a request, says what is wrong with it, and completes what the server decides.</summary>
internal static class EntityRules
{
    private const int LongestClientId = 191;
    private const int LongestSecret = 255;

    /// <summary>Members that a request cannot set.</summary>
    private static readonly string[] ServerOwned = ["id", "insertInstant", "lastUpdateInstant", "tenantId"];

    /// <summary>The entity that a request describes, completed; null after an error.</summary>
    /// <param name="current">The entity before; null for a new one.</param>
    public static Entity? Read(JsonObject document, Guid id, Guid tenantId, Entity? current, ConfigurationSnapshot snapshot, long now, Errors errors)
    {
        foreach (var name in ServerOwned) document.Remove(name);
        if (ContractReading.Read<Entity>(ContractJson.WithoutNulls(document), "entity", errors) is not { } read) return null;
        var next = read with
        {
            Id = id,
            TenantId = tenantId,
            Name = read.Name?.Trim(),
            ClientId = string.IsNullOrWhiteSpace(read.ClientId) ? current?.ClientId ?? id.ToString() : read.ClientId,
            ClientSecret = string.IsNullOrWhiteSpace(read.ClientSecret) ? current?.ClientSecret ?? NewSecret() : read.ClientSecret,
            Type = new EntityTypeReference(read.Type?.Id ?? current?.Type?.Id),
            InsertInstant = current?.InsertInstant ?? now,
            LastUpdateInstant = now,
        };
        Check(next, current, snapshot, errors);
        return errors.Any ? null : next;
    }

    private static void Check(Entity next, Entity? current, ConfigurationSnapshot snapshot, Errors errors)
    {
        errors.Required(next.Name, "name");
        errors.DataIsObject(next.Data);
        if (current is null && (next.Id == Guid.Empty || snapshot.Find<Tenant>(next.Id) is not null))
            errors.Add("id", "invalid", "The Id of an entity is neither empty nor that of a tenant: both mean something else in tokens.");
        CheckCredential(next.ClientId!, "clientId", LongestClientId, errors);
        CheckCredential(next.ClientSecret!, "clientSecret", LongestSecret, errors);
        if (next.Type!.Id is null)
            errors.Add("type.id", "missing", "The [entity.type.id] must name the type of the entity.");
        else if (current is not null && next.Type.Id != current.Type?.Id)
            errors.Add("type.id", "notEqual", "The type of an entity never changes, because grants are made of its permissions.");
        else if (current is null && snapshot.Find<EntityType>(next.Type.Id) is null)
            errors.Add("type.id", "invalid", $"There is no entity type with the Id [{next.Type.Id}].");
        if (next.ParentId == next.Id) errors.Add("parentId", "invalid", "An entity is not its own parent.");
    }

    /// <summary>Printable ASCII (RFC 6749, appendix A.1 and A.2), without blanks at the ends that nobody sees.</summary>
    private static void CheckCredential(string value, string field, int longest, Errors errors)
    {
        errors.NotLonger(value, field, longest);
        if (value.Any(c => c is < ' ' or > '~') || value != value.Trim())
            errors.Add(field, "invalid", $"The [entity.{field}] has printable ASCII characters only, and no blank at its ends.");
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
