using OrleansAuth.Common;

namespace OrleansAuth.Tokens;

/// <summary>Tokens: which keys sign them, how long they live, and how refresh tokens behave. An application's own counts only if it is enabled.</summary>
public sealed record JwtConfiguration : ContractObject
{
    /// <summary>The key that signs access tokens; null takes the default tenant's.</summary>
    public Guid? AccessTokenKeyId { get; init; }

    public Guid? IdTokenKeyId { get; init; }
    public RefreshTokenExpirationPolicy RefreshTokenExpirationPolicy { get; init; } = RefreshTokenExpirationPolicy.Fixed;
    public RefreshTokenOneTimeUseConfiguration RefreshTokenOneTimeUseConfiguration { get; init; } = new();
    public RefreshTokenRevocationPolicy RefreshTokenRevocationPolicy { get; init; } = new();
    public RefreshTokenSlidingWindowConfiguration RefreshTokenSlidingWindowConfiguration { get; init; } = new();

    /// <summary>Life of a refresh token, in minutes; 43,200 are 30 days.</summary>
    public int RefreshTokenTimeToLiveInMinutes { get; init; } = 43_200;

    public RefreshTokenUsagePolicy RefreshTokenUsagePolicy { get; init; } = RefreshTokenUsagePolicy.Reusable;

    /// <summary>Life of an access token, in seconds.</summary>
    public int TimeToLiveInSeconds { get; init; } = 3600;

    public bool Enabled { get; init; }
}

/// <summary>For how many seconds a one-time token that was just used still works, for clients that lost the answer.</summary>
public sealed record RefreshTokenOneTimeUseConfiguration : ContractObject
{
    /// <summary>0 to 86,400.</summary>
    public int GracePeriodInSeconds { get; init; }
}

/// <summary>Which events end a user's refresh tokens.</summary>
public sealed record RefreshTokenRevocationPolicy : ContractObject
{
    public bool OnLoginPrevented { get; init; } = true;
    public bool OnMultiFactorEnable { get; init; }
    public bool OnOneTimeTokenReuse { get; init; }
    public bool OnPasswordChanged { get; init; } = true;
}

/// <summary>When a sliding refresh token ends for good, in minutes from its beginning.</summary>
public sealed record RefreshTokenSlidingWindowConfiguration : ContractObject
{
    public int MaximumTimeToLiveInMinutes { get; init; } = 43_200;
}

/// <summary>Whether a refresh token's life counts from its issue or from its last use.</summary>
public enum RefreshTokenExpirationPolicy { Fixed, SlidingWindow, SlidingWindowWithMaximumLifetime }

/// <summary>Whether a refresh token keeps its value, or gets a new one with every use.</summary>
public enum RefreshTokenUsagePolicy { Reusable, OneTimeUse }
