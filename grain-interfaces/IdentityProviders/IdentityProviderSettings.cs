using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.IdentityProviders;

/// <summary>How the provider is spoken to (OpenID Connect Core). Addresses that are left out come from its discovery document.</summary>
public sealed record ProviderOAuth2Configuration : ContractObject
{
    [JsonPropertyName("authorization_endpoint")]
    public string? AuthorizationEndpoint { get; init; }

    /// <summary>How this server proves to be the client.</summary>
    public ProviderClientAuthentication ClientAuthenticationMethod { get; init; } = ProviderClientAuthentication.ClientSecretBasic;

    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>Never shown. Stays with issuer, token endpoint and client that it was given for.</summary>
    [JsonPropertyName("client_secret")]
    public string? ClientSecret { get; init; }

    /// <summary>The claim with the person's address.</summary>
    public string EmailClaim { get; init; } = "email";

    /// <summary>The claim that says that the address is the person's; anything but true means that it is not known to be.</summary>
    public string EmailVerifiedClaim { get; init; } = "email_verified";

    /// <summary>Exactly as the provider writes it into its tokens. Its discovery document says where its keys are.</summary>
    public string? Issuer { get; init; }

    /// <summary>Separated by spaces; <c>openid</c> is added where it is not among them.</summary>
    public string? Scope { get; init; }

    [JsonPropertyName("token_endpoint")]
    public string? TokenEndpoint { get; init; }

    /// <summary>The claim that tells a person from all others, for ever; <c>sub</c> unless the provider has a reason.</summary>
    public string UniqueIdClaim { get; init; } = "sub";

    [JsonPropertyName("userinfo_endpoint")]
    public string? UserinfoEndpoint { get; init; }

    public string UsernameClaim { get; init; } = "preferred_username";

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"client {ClientId} of {Issuer}";
}

/// <summary>Client authentication at the provider (OpenID Connect Core, section 9), as the contract spells it.</summary>
public enum ProviderClientAuthentication
{
    /// <summary>A public client: PKCE alone.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("client_secret_basic")]
    ClientSecretBasic,

    [JsonStringEnumMemberName("client_secret_post")]
    ClientSecretPost,
}

/// <summary>One application at a provider.</summary>
public sealed record ProviderApplicationConfiguration : ContractObject
{
    public string? ButtonImageURL { get; init; }

    public string? ButtonText { get; init; }

    /// <summary>Who signs in here is registered for the application where that is not the case yet.</summary>
    public bool CreateRegistration { get; init; }

    public JsonElement? Data { get; init; }

    public bool Enabled { get; init; }

    /// <summary>Another client of the provider for this application; null for the same.</summary>
    [JsonPropertyName("oauth2")]
    public ProviderApplicationClient? OAuth2 { get; init; }
}

/// <summary>The client that an application has at the provider. What is left out is as for all.</summary>
public sealed record ProviderApplicationClient : ContractObject
{
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>Never shown, and not kept here; see <see cref="IdentityProvider.ApplicationSecrets"/>.</summary>
    [JsonPropertyName("client_secret")]
    public string? ClientSecret { get; init; }

    public string? Scope { get; init; }

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"client {ClientId}";
}

/// <summary>One tenant at a provider.</summary>
public sealed record ProviderTenantConfiguration : ContractObject
{
    public JsonElement? Data { get; init; }

    public LimitUserLinkCount LimitUserLinkCount { get; init; } = new();
}

/// <summary>How many links of one provider a user may have.</summary>
public sealed record LimitUserLinkCount : ContractObject
{
    public bool Enabled { get; init; }

    /// <summary>1 to 1,000.</summary>
    public int MaximumLinks { get; init; } = 42;
}

/// <summary>Scripts of a provider.</summary>
public sealed record ProviderLambdaConfiguration : ContractObject
{
    public Guid? ReconcileId { get; init; }
}
