using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Entities;

/// <summary>
/// A kind of entity: which permissions can be granted on entities of this kind, and how tokens for them are made. Belongs
/// to no tenant; entities of every tenant can be of it.
/// </summary>
public sealed record EntityType : ConfigurationObject, INamed
{
    /// <summary>How tokens are made whose target is an entity of this type.</summary>
    public EntityJwtConfiguration JwtConfiguration { get; init; } = new();

    /// <summary>Unique; 1 to 191 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>What can be granted on entities of this type; at most 1,000.</summary>
    public ImmutableArray<EntityTypePermission> Permissions { get; init; } = [];
}

/// <summary>Something that can be allowed on an entity of the type. The name never changes, since tokens carry it.</summary>
public sealed record EntityTypePermission : ContractObject
{
    /// <summary>The caller's own, kept and returned unchanged. A JSON object.</summary>
    public JsonElement? Data { get; init; }

    public string? Description { get; init; }

    /// <summary>Unique among the permissions of all types: grants are stored by it.</summary>
    public Guid? Id { get; init; }

    public long? InsertInstant { get; init; }

    /// <summary>Given by grants that name no permissions.</summary>
    public bool IsDefault { get; init; }

    public long? LastUpdateInstant { get; init; }

    /// <summary>Unique within the type; printable ASCII without blanks, commas, quotes and backslashes, because scopes list it.</summary>
    public string? Name { get; init; }
}

/// <summary>How tokens for entities of a type are made, where that differs from their tenant's way.</summary>
public sealed record EntityJwtConfiguration : ContractObject
{
    /// <summary>The key that signs; null takes the tenant's.</summary>
    public Guid? AccessTokenKeyId { get; init; }

    /// <summary>False: the tenant's configuration holds, whatever else is set here.</summary>
    public bool Enabled { get; init; }

    /// <summary>Life of a token, in seconds.</summary>
    public int TimeToLiveInSeconds { get; init; } = 3600;
}
