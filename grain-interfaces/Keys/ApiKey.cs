using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Keys;

/// <summary>A key to the API: all of it, or the endpoints and the tenant that it is limited to.</summary>
public sealed record ApiKey : ConfigurationObject, INamed
{
    /// <summary>Milliseconds since 1970; from then on the key is unknown. Null for never.</summary>
    public long? ExpirationInstant { get; init; }

    public Guid? IpAccessControlListId { get; init; }

    /// <summary>The key itself: at least 16 printable characters, random if none is given. Encrypted at rest.</summary>
    public string? Key { get; init; }

    /// <summary>May make, change and delete keys. Set by kickstart and by administrators, never through the API.</summary>
    public bool KeyManager { get; init; }

    public ApiKeyMetaData MetaData { get; init; } = new();
    public string? Name { get; init; }
    public ApiKeyPermissions Permissions { get; init; } = new();

    /// <summary>False: the value is never shown again after the answer that made it.</summary>
    public bool Retrievable { get; init; } = true;

    /// <summary>The one tenant that the key sees; null for all. Fixed at creation.</summary>
    public Guid? TenantId { get; init; }

    /// <summary>Whether this key may act in that tenant; null stands for all of them.</summary>
    public bool ReachesTenant(Guid? tenantId) => TenantId is null || TenantId == tenantId;

    /// <summary>Whether this key has every right that <paramref name="other"/> has: its tenants, and its endpoints and methods.</summary>
    public bool Covers(ApiKey other) => ReachesTenant(other.TenantId) && Permissions.Covers(other.Permissions);
}

/// <summary>What its maker noted about a key.</summary>
public sealed record ApiKeyMetaData : ContractObject
{
    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>Methods by path, such as <c>GET</c> on <c>/api/user</c>; empty allows everything.</summary>
public sealed record ApiKeyPermissions : ContractObject
{
    public ImmutableDictionary<string, ImmutableArray<string>> Endpoints { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Whether everything that <paramref name="other"/> permits is permitted here too. No endpoints at all permit everything.</summary>
    public bool Covers(ApiKeyPermissions other) =>
        Endpoints.IsEmpty || (!other.Endpoints.IsEmpty && other.Endpoints.All(wanted =>
            Endpoints.TryGetValue(wanted.Key, out var own) && wanted.Value.All(method => own.Contains(method, StringComparer.OrdinalIgnoreCase))));
}
