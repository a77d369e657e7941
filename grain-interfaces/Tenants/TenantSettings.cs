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

/// <summary>The form with which administrators edit users.</summary>
public sealed record TenantFormConfiguration : ContractObject
{
    public Guid? AdminUserFormId { get; init; }
}

/// <summary>Scripts that run in every application of the tenant; null for none.</summary>
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

/// <summary>The login API where no application is named.</summary>
public sealed record TenantLoginConfiguration : ContractObject
{
    public bool RequireAuthentication { get; init; } = true;
}

/// <summary>Tokens of entities.</summary>
public sealed record TenantOAuth2Configuration : ContractObject
{
    public Guid? ClientCredentialsAccessTokenPopulateLambdaId { get; init; }
}

/// <summary>E-mail domains that nobody may register with.</summary>
public sealed record TenantRegistrationConfiguration : ContractObject
{
    public ImmutableArray<string> BlockedDomains { get; init; } = [];
}

/// <summary>The tenant as a SCIM server (RFC 7644).</summary>
public sealed record TenantScimServerConfiguration : ContractObject
{
    public Guid? ClientEntityTypeId { get; init; }
    public JsonElement? Schemas { get; init; }
    public Guid? ServerEntityTypeId { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>Single sign-on across the tenant's applications.</summary>
public sealed record TenantSsoConfiguration : ContractObject
{
    public bool AllowAccessTokenBootstrap { get; init; }
    public int DeviceTrustTimeToLiveInSeconds { get; init; } = 31_536_000;
}

/// <summary>When users leave by themselves.</summary>
public sealed record TenantUserDeletePolicy : ContractObject
{
    public TimeBasedDeletePolicy Unverified { get; init; } = new();
}

/// <summary>Deletion after a number of days, counted from when the policy was switched on.</summary>
public sealed record TimeBasedDeletePolicy : ContractObject
{
    public long? EnabledInstant { get; init; }
    public int NumberOfDaysToRetain { get; init; } = 120;
    public bool Enabled { get; init; }
}

/// <summary>Families: who may own one, and until which age, in years, somebody is a child.</summary>
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

/// <summary>Which events the tenant sends, by type; every type is there.</summary>
public sealed record EventConfiguration : ContractObject
{
    public ImmutableDictionary<string, EventConfigurationData> Events { get; init; } = ImmutableDictionary<string, EventConfigurationData>.Empty;
}

/// <summary>Whether an event is sent, and how many receivers must agree to it.</summary>
public sealed record EventConfigurationData : ContractObject
{
    public TransactionType TransactionType { get; init; } = TransactionType.None;
    public bool Enabled { get; init; }
}

/// <summary>Which addresses may open the pages; null for all.</summary>
public sealed record AccessControlConfiguration : ContractObject
{
    public Guid? UiIPAccessControlListId { get; init; }
}

/// <summary>How many receivers must accept an event before what it tells may happen: none, one, half, two thirds, all.</summary>
public enum TransactionType { None, Any, SimpleMajority, SuperMajority, AbsoluteMajority }

/// <summary>Whether an object serves, rests, or is on its way out.</summary>
public enum ObjectState { Active, Inactive, PendingDelete }
