using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.Applications;

/// <summary>Where users sign in: a name, roles, and everything that decides how its logins and tokens look. Settings left out fall back to the tenant.</summary>
public sealed record Application : ConfigurationObject, IInTenant, INamed
{
    public AccessControlConfiguration AccessControlConfiguration { get; init; } = new();
    public bool Active { get; init; } = true;
    public AuthenticationTokenConfiguration AuthenticationTokenConfiguration { get; init; } = new();
    public string? BaseURL { get; init; }
    public CleanSpeakConfiguration CleanSpeakConfiguration { get; init; } = new();
    public ApplicationEmailConfiguration EmailConfiguration { get; init; } = new();
    public ApplicationExternalIdentifierConfiguration ExternalIdentifierConfiguration { get; init; } = new();
    public ApplicationFormConfiguration FormConfiguration { get; init; } = new();
    public JwtConfiguration JwtConfiguration { get; init; } = new();
    public LambdaConfiguration LambdaConfiguration { get; init; } = new();
    public LoginConfiguration LoginConfiguration { get; init; } = new();
    public ApplicationMultiFactorConfiguration MultiFactorConfiguration { get; init; } = new();
    public string Name { get; init; } = "";
    public OAuth2Configuration OauthConfiguration { get; init; } = new();
    public PasswordlessConfiguration PasswordlessConfiguration { get; init; } = new();
    public ApplicationPhoneConfiguration PhoneConfiguration { get; init; } = new();
    public RegistrationConfiguration RegistrationConfiguration { get; init; } = new();
    public ApplicationRegistrationDeletePolicy RegistrationDeletePolicy { get; init; } = new();
    public ImmutableArray<ApplicationRole> Roles { get; init; } = [];
    public Samlv2Configuration Samlv2Configuration { get; init; } = new();
    public ImmutableArray<ApplicationOAuthScope> Scopes { get; init; } = [];
    public ObjectState State { get; init; } = ObjectState.Active;

    /// <summary>The tenant it belongs to; fixed at creation.</summary>
    public Guid? TenantId { get; init; }

    /// <summary>The application's name as an OAuth 2.0 client: its audience in tokens. Its own id, unless it came with another.</summary>
    [JsonIgnore]
    public string ClientId => OauthConfiguration.ClientId ?? Id.ToString();

    public Guid? ThemeId { get; init; }
    public UniversalConfiguration UniversalConfiguration { get; init; } = new();
    public RegistrationUnverifiedOptions Unverified { get; init; } = new();
    public Guid? VerificationEmailTemplateId { get; init; }
    public VerificationStrategy VerificationStrategy { get; init; } = VerificationStrategy.ClickableLink;
    public bool VerifyRegistration { get; init; }
    public ApplicationWebAuthnConfiguration WebAuthnConfiguration { get; init; } = new();
}

/// <summary>A role that registrations hold by its name. The name never changes, since tokens carry it.</summary>
public sealed record ApplicationRole : ContractObject
{
    public string? Description { get; init; }
    public Guid? Id { get; init; }
    public long? InsertInstant { get; init; }

    /// <summary>Held by registrations that name no role.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Shown to clients; nothing here enforces it.</summary>
    public bool IsSuperRole { get; init; }

    public long? LastUpdateInstant { get; init; }
    public string? Name { get; init; }
}

/// <summary>An OAuth scope that the application defines beside those of OpenID Connect.</summary>
public sealed record ApplicationOAuthScope : ContractObject
{
    public Guid? ApplicationId { get; init; }
    public JsonElement? Data { get; init; }
    public string? DefaultConsentDetail { get; init; }
    public string? DefaultConsentMessage { get; init; }
    public string? Description { get; init; }
    public Guid? Id { get; init; }
    public long? InsertInstant { get; init; }
    public long? LastUpdateInstant { get; init; }
    public string? Name { get; init; }
    public bool Required { get; init; }
}
