using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Tenants;

/// <summary>Which connector answers logins of which e-mail domains; policies are tried in order.</summary>
public sealed record ConnectorPolicy : ContractObject
{
    public Guid? ConnectorId { get; init; }
    public JsonElement? Data { get; init; }
    public ImmutableArray<string> Domains { get; init; } = [];
    public bool Migrate { get; init; }
}

public sealed record TenantFormConfiguration : ContractObject
{
    public Guid? AdminUserFormId { get; init; }
}

public sealed record TenantLambdaConfiguration : ContractObject
{
    public Guid? LoginValidationId { get; init; }
    public Guid? MultiFactorRequirementId { get; init; }
    public Guid? ScimEnterpriseUserRequestConverterId { get; init; }
    public Guid? ScimEnterpriseUserResponseConverterId { get; init; }
    public Guid? ScimGroupRequestConverterId { get; init; }
    public Guid? ScimGroupResponseConverterId { get; init; }
    public Guid? ScimUserRequestConverterId { get; init; }
    public Guid? ScimUserResponseConverterId { get; init; }
}

public sealed record TenantLoginConfiguration : ContractObject
{
    public bool RequireAuthentication { get; init; } = true;
}

public sealed record TenantOAuth2Configuration : ContractObject
{
    public Guid? ClientCredentialsAccessTokenPopulateLambdaId { get; init; }
}

public sealed record TenantRegistrationConfiguration : ContractObject
{
    public ImmutableArray<string> BlockedDomains { get; init; } = [];
}

public sealed record TenantScimServerConfiguration : ContractObject
{
    public Guid? ClientEntityTypeId { get; init; }
    public JsonElement? Schemas { get; init; }
    public Guid? ServerEntityTypeId { get; init; }
    public bool Enabled { get; init; }
}

public sealed record TenantSsoConfiguration : ContractObject
{
    public bool AllowAccessTokenBootstrap { get; init; }
    public int DeviceTrustTimeToLiveInSeconds { get; init; } = 31_536_000;
}

public sealed record TenantUserDeletePolicy : ContractObject
{
    public TimeBasedDeletePolicy Unverified { get; init; } = new();
}

public sealed record TimeBasedDeletePolicy : ContractObject
{
    public long? EnabledInstant { get; init; }
    public int NumberOfDaysToRetain { get; init; } = 120;
    public bool Enabled { get; init; }
}

public sealed record FamilyConfiguration : ContractObject
{
    public bool AllowChildRegistrations { get; init; } = true;
    public Guid? ConfirmChildEmailTemplateId { get; init; }
    public bool DeleteOrphanedAccounts { get; init; }
    public int DeleteOrphanedAccountsDays { get; init; } = 30;
    public Guid? FamilyRequestEmailTemplateId { get; init; }
    public int MaximumChildAge { get; init; } = 12;
    public int MinimumOwnerAge { get; init; } = 21;
    public bool ParentEmailRequired { get; init; }
    public Guid? ParentRegistrationEmailTemplateId { get; init; }
    public bool Enabled { get; init; }
}

public sealed record EventConfiguration : ContractObject
{
    public ImmutableDictionary<string, EventConfigurationData> Events { get; init; } = ImmutableDictionary<string, EventConfigurationData>.Empty;
}

public sealed record EventConfigurationData : ContractObject
{
    public TransactionType TransactionType { get; init; } = TransactionType.None;
    public bool Enabled { get; init; }
}

public sealed record AccessControlConfiguration : ContractObject
{
    public Guid? UiIPAccessControlListId { get; init; }
}

public enum TransactionType { None, Any, SimpleMajority, SuperMajority, AbsoluteMajority }

public enum ObjectState { Active, Inactive, PendingDelete }
