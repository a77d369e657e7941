using System.Collections.Immutable;
using OrleansAuth.Common;

namespace OrleansAuth.Applications;

public sealed record OAuth2Configuration : ContractObject
{
    public ImmutableArray<string> AuthorizedOriginURLs { get; init; } = [];
    public ImmutableArray<string> AuthorizedRedirectURLs { get; init; } = [];
    public ImmutableArray<string> AuthorizedResourceUris { get; init; } = [];
    public AuthorizedUrlValidationPolicy AuthorizedURLValidationPolicy { get; init; } = AuthorizedUrlValidationPolicy.ExactMatch;
    public ClientAuthenticationPolicy ClientAuthenticationPolicy { get; init; } = ClientAuthenticationPolicy.Required;
    public string? ClientId { get; init; }
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
    public bool RequireClientAuthentication { get; init; } = true;
    public bool RequireRegistration { get; init; }
    public OAuthScopeHandlingPolicy ScopeHandlingPolicy { get; init; } = OAuthScopeHandlingPolicy.Strict;
    public UnknownScopePolicy UnknownScopePolicy { get; init; } = UnknownScopePolicy.Reject;
}

public sealed record ProvidedScopePolicy : ContractObject
{
    public Requirable Address { get; init; } = new() { Enabled = true };
    public Requirable Email { get; init; } = new() { Enabled = true };
    public Requirable Phone { get; init; } = new() { Enabled = true };
    public Requirable Profile { get; init; } = new() { Enabled = true };
}

public sealed record Requirable : ContractObject
{
    public bool Required { get; init; }
    public bool Enabled { get; init; }
}

public enum AuthorizedUrlValidationPolicy { AllowWildcards, ExactMatch }

public enum ClientAuthenticationPolicy { Required, NotRequired, NotRequiredWhenUsingPKCE }

public enum OAuthScopeConsentMode { AlwaysPrompt, RememberDecision, NeverPrompt }

public enum LogoutBehavior { RedirectOnly, AllApplications }

public enum ProofKeyForCodeExchangePolicy { Required, NotRequired, NotRequiredWhenUsingClientAuthentication }

public enum OAuthApplicationRelationship { FirstParty, ThirdParty }

public enum OAuthScopeHandlingPolicy { Compatibility, Strict }

public enum UnknownScopePolicy { Allow, Remove, Reject }
