using System.Collections.Immutable;
using OrleansAuth.Configuration;
using OrleansAuth.Tokens;

namespace OrleansAuth.Tenants;

/// <summary>A world of its own: users, applications and groups of one tenant are nothing to another. The same e-mail may belong to two people in two tenants.</summary>
public sealed record Tenant : ConfigurationObject, INamed
{
    public AccessControlConfiguration AccessControlConfiguration { get; init; } = new();
    public string? BaseURL { get; init; }
    public TenantCaptchaConfiguration CaptchaConfiguration { get; init; } = new();
    public ClientRiskConfiguration ClientRiskConfiguration { get; init; } = new();

    /// <summary>Kept for clients that ask; every tenant here is usable from the start.</summary>
    public bool Configured { get; init; }

    public ImmutableArray<ConnectorPolicy> ConnectorPolicies { get; init; } = [new() { ConnectorId = WellKnown.OwnConnector, Domains = ["*"] }];
    public EmailConfiguration EmailConfiguration { get; init; } = new();
    public EventConfiguration EventConfiguration { get; init; } = new();
    public ExternalIdentifierConfiguration ExternalIdentifierConfiguration { get; init; } = new();
    public FailedAuthenticationConfiguration FailedAuthenticationConfiguration { get; init; } = new();
    public FamilyConfiguration FamilyConfiguration { get; init; } = new();
    public TenantFormConfiguration FormConfiguration { get; init; } = new();

    /// <summary>Idle seconds after which a single sign-on session ends.</summary>
    public int HttpSessionMaxInactiveInterval { get; init; } = 3600;

    /// <summary>What stands in <see cref="Issuer"/> until somebody chooses one; the tenant's own address then is the issuer.</summary>
    public const string PlaceholderIssuer = "acme.com";

    /// <summary>The <c>iss</c> of every token, best the address of the tenant's discovery document without its ending.</summary>
    public string? Issuer { get; init; } = PlaceholderIssuer;

    public JwtConfiguration JwtConfiguration { get; init; } = new();
    public TenantLambdaConfiguration LambdaConfiguration { get; init; } = new();
    public TenantLoginConfiguration LoginConfiguration { get; init; } = new();
    public string? LogoutURL { get; init; }
    public MaximumPasswordAge MaximumPasswordAge { get; init; } = new();
    public MinimumPasswordAge MinimumPasswordAge { get; init; } = new();
    public TenantMultiFactorConfiguration MultiFactorConfiguration { get; init; } = new();
    public string Name { get; init; } = "";
    public TenantOAuth2Configuration OauthConfiguration { get; init; } = new();
    public PasswordEncryptionConfiguration PasswordEncryptionConfiguration { get; init; } = new();
    public PasswordValidationRules PasswordValidationRules { get; init; } = new();
    public TenantPhoneConfiguration PhoneConfiguration { get; init; } = new();
    public TenantRateLimitConfiguration RateLimitConfiguration { get; init; } = new();
    public TenantRegistrationConfiguration RegistrationConfiguration { get; init; } = new();
    public TenantScimServerConfiguration ScimServerConfiguration { get; init; } = new();
    public TenantSsoConfiguration SsoConfiguration { get; init; } = new();
    public ObjectState State { get; init; } = ObjectState.Active;
    public Guid? ThemeId { get; init; } = WellKnown.DefaultTheme;
    public TenantUserDeletePolicy UserDeletePolicy { get; init; } = new();
    public TenantUsernameConfiguration UsernameConfiguration { get; init; } = new();
    public TenantWebAuthnConfiguration WebAuthnConfiguration { get; init; } = new();
}
