using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>Usernames of the tenant.</summary>
public sealed record TenantUsernameConfiguration : ContractObject
{
    public UniqueUsernameConfiguration Unique { get; init; } = new();
}

/// <summary>Makes a taken username free by a separator and random digits behind it.</summary>
public sealed record UniqueUsernameConfiguration : ContractObject
{
    /// <summary>3 to 10.</summary>
    public int NumberOfDigits { get; init; } = 5;

    /// <summary>One ASCII character that is neither a letter nor a digit.</summary>
    public string? Separator { get; init; } = "#";

    public UniqueUsernameStrategy Strategy { get; init; } = UniqueUsernameStrategy.OnCollision;
    public bool Enabled { get; init; }
}

/// <summary>Whether every username gets digits, or only one that is taken.</summary>
public enum UniqueUsernameStrategy { Always, OnCollision }
