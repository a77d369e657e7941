using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

public sealed record TenantMultiFactorConfiguration : ContractObject
{
    public MultiFactorAuthenticatorMethod Authenticator { get; init; } = new();
    public bool Debug { get; init; }
    public MultiFactorEmailMethod Email { get; init; } = new();
    public MultiFactorLoginPolicy LoginPolicy { get; init; } = MultiFactorLoginPolicy.Enabled;
    public MultiFactorMessageMethod Sms { get; init; } = new();
    public MultiFactorMessageMethod Voice { get; init; } = new();
}

public sealed record MultiFactorAuthenticatorMethod : ContractObject
{
    public TotpAlgorithm Algorithm { get; init; } = TotpAlgorithm.HmacSHA1;
    public int CodeLength { get; init; } = 6;
    public int TimeStep { get; init; } = 30;
    public bool Enabled { get; init; } = true;
}

public sealed record MultiFactorEmailMethod : ContractObject
{
    public Guid? TemplateId { get; init; }
    public bool Enabled { get; init; }
}

public sealed record MultiFactorMessageMethod : ContractObject
{
    public Guid? MessengerId { get; init; }
    public Guid? TemplateId { get; init; }
    public bool Enabled { get; init; }
}

public enum MultiFactorLoginPolicy { ChallengeOnHighRisk, ChallengeOnMediumRisk, Disabled, Enabled, Required }

public enum TotpAlgorithm { HmacSHA1, HmacSHA256, HmacSHA512 }
