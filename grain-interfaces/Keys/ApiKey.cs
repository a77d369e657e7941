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
}

public sealed record ApiKeyMetaData : ContractObject
{
    public ImmutableDictionary<string, string> Attributes { get; init; } = ImmutableDictionary<string, string>.Empty;
}

public sealed record ApiKeyPermissions : ContractObject
{
    public ImmutableDictionary<string, ImmutableArray<string>> Endpoints { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
}
