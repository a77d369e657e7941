using System.Collections.Immutable;
using OrleansAuth.Common;

namespace OrleansAuth.Applications;

/// <summary>The application as an OAuth 2.0 client (RFC 6749) and OpenID Connect relying party.</summary>
public sealed record OAuth2Configuration : ContractObject
{
    public ImmutableArray<string> AuthorizedOriginURLs { get; init; } = [];
    public ImmutableArray<string> AuthorizedRedirectURLs { get; init; } = [];
    public ImmutableArray<string> AuthorizedResourceUris { get; init; } = [];
    public AuthorizedUrlValidationPolicy AuthorizedURLValidationPolicy { get; init; } = AuthorizedUrlValidationPolicy.ExactMatch;
    public ClientAuthenticationPolicy ClientAuthenticationPolicy { get; init; } = ClientAuthenticationPolicy.Required;

    /// <summary>The application's id.</summary>
    public string? ClientId { get; init; }

    /// <summary>Random if none is given; encrypted at rest.</summary>
    public string? ClientSecret { get; init; }

    public OAuthScopeConsentMode ConsentMode { get; init; } = OAuthScopeConsentMode.AlwaysPrompt;
    public bool Debug { get; init; }
    public string? DeviceVerificationURL { get; init; }
    public ImmutableArray<string> EnabledGrants { get; init; } = ["authorization_code", "refresh_token"];
    public bool GenerateRefreshTokens { get; init; } = true;
    public LogoutBehavior LogoutBehavior { get; init; } = LogoutBehavior.AllApplications;
    public string? LogoutURL { get; init; }
    public ProofKeyForCodeExchangePolicy ProofKeyForCodeExchangePolicy { get; init; } = ProofKeyForCodeExchangePolicy.NotRequired;
    public ProvidedScopePolicy ProvidedScopePolicy { get; init; } = new();
    public OAuthApplicationRelationship Relationship { get; init; } = OAuthApplicationRelationship.FirstParty;

    /// <summary>Where the server tells the application that a user's session is over (OpenID Connect Back-Channel Logout). Ours, not the contract's; null for none.</summary>
    public string? BackChannelLogoutURL { get; init; }

    /// <summary>Tokens are bound to a key of the client (RFC 9449): without a proof there are none. Ours, not the contract's. A proof that is sent counts in any case.</summary>
    public bool RequireDPoP { get; init; }

    /// <summary>Authorization requests come by the back channel only (RFC 9126). Ours, not the contract's. They may in any case.</summary>
    public bool RequirePushedAuthorizationRequests { get; init; }

    public bool RequireClientAuthentication { get; init; } = true;
    public bool RequireRegistration { get; init; }
    public OAuthScopeHandlingPolicy ScopeHandlingPolicy { get; init; } = OAuthScopeHandlingPolicy.Strict;
    public UnknownScopePolicy UnknownScopePolicy { get; init; } = UnknownScopePolicy.Reject;
}

/// <summary>Which of the standard scopes (OpenID Connect Core, section 5.4) the application offers.</summary>
public sealed record ProvidedScopePolicy : ContractObject
{
    public Requirable Address { get; init; } = new() { Enabled = true };
    public Requirable Email { get; init; } = new() { Enabled = true };
    public Requirable Phone { get; init; } = new() { Enabled = true };
    public Requirable Profile { get; init; } = new() { Enabled = true };
}

/// <summary>Something that may be offered, and if so may be demanded.</summary>
public sealed record Requirable : ContractObject
{
    public bool Required { get; init; }
    public bool Enabled { get; init; }
}

/// <summary>How redirect addresses are compared. Exact is what RFC 9700 asks for; wildcards are a risk that an administrator takes.</summary>
public enum AuthorizedUrlValidationPolicy { AllowWildcards, ExactMatch }

/// <summary>When the client must prove itself at the token endpoint.</summary>
public enum ClientAuthenticationPolicy { Required, NotRequired, NotRequiredWhenUsingPKCE }

/// <summary>When a user of a third-party application is asked for consent.</summary>
public enum OAuthScopeConsentMode { AlwaysPrompt, RememberDecision, NeverPrompt }

/// <summary>Whether a logout only redirects, or first ends the session in every application.</summary>
public enum LogoutBehavior { RedirectOnly, AllApplications }

/// <summary>When PKCE (RFC 7636) is demanded.</summary>
public enum ProofKeyForCodeExchangePolicy { Required, NotRequired, NotRequiredWhenUsingClientAuthentication }

/// <summary>Whose application it is: ours, or somebody else's, who needs the user's consent.</summary>
public enum OAuthApplicationRelationship { FirstParty, ThirdParty }

/// <summary>Whether claims follow the granted scopes strictly, or as older clients expect.</summary>
public enum OAuthScopeHandlingPolicy { Compatibility, Strict }

/// <summary>What happens to a scope that nobody defined.</summary>
public enum UnknownScopePolicy { Allow, Remove, Reject }
