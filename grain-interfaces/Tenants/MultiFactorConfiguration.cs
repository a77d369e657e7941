using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>Second factors of the tenant: which methods there are, and when one is asked for.</summary>
public sealed record TenantMultiFactorConfiguration : ContractObject
{
    public MultiFactorAuthenticatorMethod Authenticator { get; init; } = new();
    public bool Debug { get; init; }
    public MultiFactorEmailMethod Email { get; init; } = new();
    public MultiFactorLoginPolicy LoginPolicy { get; init; } = MultiFactorLoginPolicy.Enabled;
    public MultiFactorMessageMethod Sms { get; init; } = new();
    public MultiFactorMessageMethod Voice { get; init; } = new();
}

/// <summary>Codes of an authenticator application (RFC 6238): digits, and seconds per step.</summary>
public sealed record MultiFactorAuthenticatorMethod : ContractObject
{
    public TotpAlgorithm Algorithm { get; init; } = TotpAlgorithm.HmacSHA1;
    public int CodeLength { get; init; } = 6;
    public int TimeStep { get; init; } = 30;
    public bool Enabled { get; init; } = true;
}

/// <summary>Codes by e-mail.</summary>
public sealed record MultiFactorEmailMethod : ContractObject
{
    public Guid? TemplateId { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>Codes by text message or voice.</summary>
public sealed record MultiFactorMessageMethod : ContractObject
{
    public Guid? MessengerId { get; init; }
    public Guid? TemplateId { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>When a login asks for a second factor.</summary>
public enum MultiFactorLoginPolicy { ChallengeOnHighRisk, ChallengeOnMediumRisk, Disabled, Enabled, Required }

/// <summary>The hash of an authenticator's codes (RFC 6238, section 1.2).</summary>
public enum TotpAlgorithm { HmacSHA1, HmacSHA256, HmacSHA512 }
