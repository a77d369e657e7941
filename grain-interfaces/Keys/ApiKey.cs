using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Keys;

public sealed record ApiKey : ConfigurationObject, INamed
{
    public long? ExpirationInstant { get; init; }
    public Guid? IpAccessControlListId { get; init; }
    public string? Key { get; init; }
    public bool KeyManager { get; init; }
    public ApiKeyMetaData MetaData { get; init; } = new();
    public string? Name { get; init; }
    public ApiKeyPermissions Permissions { get; init; } = new();
    public bool Retrievable { get; init; } = true;
    public Guid? TenantId { get; init; }

    /// <summary>Whether this key may act in that tenant; null stands for all of them.</summary>
    public bool ReachesTenant(Guid? tenantId) => TenantId is null || TenantId == tenantId;

    /// <summary>Whether this key has every right that <paramref name="other"/> has: its tenants, and its endpoints and methods.</summary>
    public bool Covers(ApiKey other) => ReachesTenant(other.TenantId) && Permissions.Covers(other.Permissions);
}

public sealed record ApiKeyMetaData : ContractObject
{
    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;
}

public sealed record ApiKeyPermissions : ContractObject
{
    public ImmutableDictionary<string, ImmutableArray<string>> Endpoints { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Whether everything that <paramref name="other"/> permits is permitted here too. No endpoints at all permit everything.</summary>
    public bool Covers(ApiKeyPermissions other) =>
        Endpoints.IsEmpty || (!other.Endpoints.IsEmpty && other.Endpoints.All(wanted =>
            Endpoints.TryGetValue(wanted.Key, out var own) && wanted.Value.All(method => own.Contains(method, StringComparer.OrdinalIgnoreCase))));
}
