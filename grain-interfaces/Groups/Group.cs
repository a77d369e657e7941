using System.Collections.Immutable;
using OrleansAuth.Configuration;

namespace OrleansAuth.Groups;

/// <summary>
/// A named set of users of one tenant. Members that are registered to an application hold the group's roles of it.
/// </summary>
public sealed record Group : ConfigurationObject, IInTenant, INamed
{
    /// <summary>Unique within the tenant; 1 to 191 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>Ids of application roles. The contract's body shows them as <c>roles</c>, by application.</summary>
    public ImmutableArray<Guid> RoleIds { get; init; } = [];

    public Guid? TenantId { get; init; }
}
