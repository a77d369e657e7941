using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Entities;

/// <summary>
/// A thing of one tenant, such as a company, a device or an API: users and other entities can be granted permissions on it,
/// and it can ask for tokens itself (RFC 6749, section 4.4).
/// </summary>
public sealed record Entity : ContractObject
{
    /// <summary>The name under which it asks for tokens; its id unless chosen. Unique in the whole installation, also among applications.</summary>
    public string? ClientId { get; init; }

    /// <summary>Random if none is given; encrypted at rest.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The caller's own, kept and returned unchanged. A JSON object.</summary>
    public JsonElement? Data { get; init; }

    public Guid? Id { get; init; }

    public long? InsertInstant { get; init; }

    public long? LastUpdateInstant { get; init; }

    /// <summary>1 to 191 characters; need not be unique.</summary>
    public string? Name { get; init; }

    /// <summary>An entity of the same tenant that this one belongs to. Nothing follows from it here.</summary>
    public Guid? ParentId { get; init; }

    public Guid? TenantId { get; init; }

    /// <summary>Fixed at creation: grants are made of its permissions.</summary>
    public EntityTypeReference? Type { get; init; }
}

/// <summary>Names a type in requests; answers show the whole type in its place.</summary>
public sealed record EntityTypeReference(Guid? Id);

/// <summary>What a recipient, a user or an entity of the same tenant, may do on an entity.</summary>
public sealed record EntityGrant : ContractObject
{
    /// <summary>The caller's own, kept and returned unchanged. A JSON object.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Names of permissions of the entity's type; null gives those that are default.</summary>
    public ImmutableArray<string>? Permissions { get; init; }

    public Guid? RecipientEntityId { get; init; }

    public Guid? UserId { get; init; }
}
