using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>Lockout: after so many failures within so many seconds the user action is applied for the duration. Without an action there is no lockout.</summary>
public sealed record FailedAuthenticationConfiguration : ContractObject
{
    public FailedAuthenticationActionCancelPolicy ActionCancelPolicy { get; init; } = new();
    public long ActionDuration { get; init; } = 3;
    public ExpiryUnit ActionDurationUnit { get; init; } = ExpiryUnit.MINUTES;
    public bool EmailUser { get; init; }

    /// <summary>Counted from the last failure.</summary>
    public int ResetCountInSeconds { get; init; } = 60;

    public int TooManyAttempts { get; init; } = 5;
    public Guid? UserActionId { get; init; }
}

/// <summary>What ends a lockout early.</summary>
public sealed record FailedAuthenticationActionCancelPolicy : ContractObject
{
    public bool OnPasswordReset { get; init; }
}

/// <summary>How often each action may be tried, per user.</summary>
public sealed record TenantRateLimitConfiguration : ContractObject
{
    public RateLimitedRequestConfiguration FailedLogin { get; init; } = new();
    public RateLimitedRequestConfiguration ForgotPassword { get; init; } = new();
    public RateLimitedRequestConfiguration SendEmailVerification { get; init; } = new();
    public RateLimitedRequestConfiguration SendPasswordless { get; init; } = new();
    public RateLimitedRequestConfiguration SendPasswordlessPhone { get; init; } = new();
    public RateLimitedRequestConfiguration SendPhoneVerification { get; init; } = new();
    public RateLimitedRequestConfiguration SendRegistrationVerification { get; init; } = new();
    public RateLimitedRequestConfiguration SendTwoFactor { get; init; } = new();
}

/// <summary>So many attempts per so many seconds.</summary>
public sealed record RateLimitedRequestConfiguration : ContractObject
{
    public int Limit { get; init; } = 5;
    public int TimePeriodInSeconds { get; init; } = 60;
    public bool Enabled { get; init; }
}

/// <summary>The captcha of the tenant's pages.</summary>
public sealed record TenantCaptchaConfiguration : ContractObject
{
    public CaptchaMethod CaptchaMethod { get; init; } = CaptchaMethod.GoogleRecaptchaV3;
    public string? SecretKey { get; init; }
    public string? SiteKey { get; init; }
    public double Threshold { get; init; } = 0.5;
    public bool Enabled { get; init; }
}

/// <summary>Which signs of risk are looked for at a login.</summary>
public sealed record ClientRiskConfiguration : ContractObject
{
    public bool BlocklistedIp { get; init; }
    public bool BotDetected { get; init; }
    public bool DormantAccount { get; init; }
    public bool DormantPassword { get; init; }
    public bool ImpossibleTravel { get; init; }
    public bool RecentIdentityChange { get; init; }
    public bool RecentPasswordChange { get; init; }
    public bool SuspiciousUserAgent { get; init; }
    public bool UnrecognizedDevice { get; init; }
    public bool UntrustedDevice { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>Units of a duration; months and years follow the calendar.</summary>
public enum ExpiryUnit { MINUTES, HOURS, DAYS, WEEKS, MONTHS, YEARS }

/// <summary>The captcha service.</summary>
public enum CaptchaMethod { GoogleRecaptchaV2, GoogleRecaptchaV3, HCaptcha, HCaptchaEnterprise }
