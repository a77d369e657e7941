using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

public sealed record TenantUsernameConfiguration : ContractObject
{
    public UniqueUsernameConfiguration Unique { get; init; } = new();
}

public sealed record UniqueUsernameConfiguration : ContractObject
{
    public int NumberOfDigits { get; init; } = 5;
    public string? Separator { get; init; } = "#";
    public UniqueUsernameStrategy Strategy { get; init; } = UniqueUsernameStrategy.OnCollision;
    public bool Enabled { get; init; }
}

public enum UniqueUsernameStrategy { Always, OnCollision }
