using OrleansAuth.Common;

namespace OrleansAuth.Tokens;

public sealed record JwtConfiguration : ContractObject
{
    public Guid? AccessTokenKeyId { get; init; }
    public Guid? IdTokenKeyId { get; init; }
    public RefreshTokenExpirationPolicy RefreshTokenExpirationPolicy { get; init; } = RefreshTokenExpirationPolicy.Fixed;
    public RefreshTokenOneTimeUseConfiguration RefreshTokenOneTimeUseConfiguration { get; init; } = new();
    public RefreshTokenRevocationPolicy RefreshTokenRevocationPolicy { get; init; } = new();
    public RefreshTokenSlidingWindowConfiguration RefreshTokenSlidingWindowConfiguration { get; init; } = new();
    public int RefreshTokenTimeToLiveInMinutes { get; init; } = 43_200;
    public RefreshTokenUsagePolicy RefreshTokenUsagePolicy { get; init; } = RefreshTokenUsagePolicy.Reusable;
    public int TimeToLiveInSeconds { get; init; } = 3600;
    public bool Enabled { get; init; }
}

public sealed record RefreshTokenOneTimeUseConfiguration : ContractObject
{
    public int GracePeriodInSeconds { get; init; }
}

public sealed record RefreshTokenRevocationPolicy : ContractObject
{
    public bool OnLoginPrevented { get; init; } = true;
    public bool OnMultiFactorEnable { get; init; }
    public bool OnOneTimeTokenReuse { get; init; }
    public bool OnPasswordChanged { get; init; } = true;
}

public sealed record RefreshTokenSlidingWindowConfiguration : ContractObject
{
    public int MaximumTimeToLiveInMinutes { get; init; } = 43_200;
}

public enum RefreshTokenExpirationPolicy { Fixed, SlidingWindow, SlidingWindowWithMaximumLifetime }

public enum RefreshTokenUsagePolicy { Reusable, OneTimeUse }
