using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Applications;
using OrleansAuth.Configuration;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// Somebody else who says who a person is, and whom people may sign in with. This version serves OpenID Connect. What is
/// known of a person there is a link of a user; see <see cref="FederatedIdentity"/>.
/// </summary>
public sealed record IdentityProvider : ConfigurationObject, INamed
{
    /// <summary>What is special for applications, by their ids; an application that is not there is not served.</summary>
    public ImmutableDictionary<Guid, ProviderApplicationConfiguration> ApplicationConfiguration { get; init; } = ImmutableDictionary<Guid, ProviderApplicationConfiguration>.Empty;

    /// <summary>Secrets of <see cref="ApplicationConfiguration"/> by application, as a JSON object. Never shown; moved here by the server.</summary>
    public string? ApplicationSecrets { get; init; }

    /// <summary>A picture for the button; an https address or a picture as <c>data:</c>, at most 2,048 characters.</summary>
    public string? ButtonImageURL { get; init; }

    /// <summary>The words of the button; without them the page says which provider it is. At most 255 characters.</summary>
    public string? ButtonText { get; init; }

    /// <summary>Every login that fails leaves an entry in the event log that says why.</summary>
    public bool Debug { get; init; }

    /// <summary>Domains of e-mail addresses whose people sign in here, in lower case. No two providers of one tenant have the same.</summary>
    public ImmutableArray<string> Domains { get; init; } = [];

    /// <summary>Off: nobody comes in by it, whatever the applications say.</summary>
    public bool Enabled { get; init; }

    /// <summary>Scripts are not served; a provider that names one is refused.</summary>
    public ProviderLambdaConfiguration? LambdaConfiguration { get; init; }

    /// <summary>What happens to somebody who has no link yet.</summary>
    public LinkingStrategy LinkingStrategy { get; init; } = LinkingStrategy.LinkByEmail;

    /// <summary>1 to 191 characters.</summary>
    public string? Name { get; init; }

    [JsonPropertyName("oauth2")]
    public ProviderOAuth2Configuration OAuth2 { get; init; } = new();

    /// <summary>The browser posts the authorization request in place of carrying it in the address.</summary>
    public bool PostRequest { get; init; }

    /// <summary>What is special for tenants, by their ids.</summary>
    public ImmutableDictionary<Guid, ProviderTenantConfiguration> TenantConfiguration { get; init; } = ImmutableDictionary<Guid, ProviderTenantConfiguration>.Empty;

    /// <summary>The only tenant that has it; null for all.</summary>
    public Guid? TenantId { get; init; }

    /// <summary>Never changes.</summary>
    public IdentityProviderType? Type { get; init; }

    /// <summary>Whether people of this application may sign in with it now.</summary>
    public bool Serves(Application application) =>
        Enabled && LinkingStrategy != LinkingStrategy.Unsupported && (TenantId is null || TenantId == application.TenantId)
        && ApplicationConfiguration.GetValueOrDefault(application.Id) is { Enabled: true };

    /// <summary>How many links of this provider a user may have; null for any number.</summary>
    public int? MostLinks(Guid tenantId) =>
        TenantConfiguration.GetValueOrDefault(tenantId) is { LimitUserLinkCount: { Enabled: true } limit } ? limit.MaximumLinks : null;

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"identity provider {Id}";
}

/// <summary>Kinds of providers, as the contract spells them.</summary>
public enum IdentityProviderType
{
    Apple, EpicGames, ExternalJWT, Facebook, Google, HYPR, LinkedIn, Nintendo, OpenIDConnect, SAMLv2, SAMLv2IdPInitiated, SonyPSN, Steam, Twitch, Twitter, Xbox,
}

/// <summary>What happens to somebody from a provider whom no link makes known.</summary>
public enum LinkingStrategy
{
    /// <summary>The person signs in here and confirms the link, or makes an account.</summary>
    CreatePendingLink,

    /// <summary>Nobody is linked by signing in: who has no link is refused.</summary>
    Disabled,

    /// <summary>Always a new user, whose names are not looked at.</summary>
    LinkAnonymously,

    /// <summary>The user of the same verified address, or a new one.</summary>
    LinkByEmail,

    /// <summary>The user of the same verified address; without one as <see cref="CreatePendingLink"/>.</summary>
    LinkByEmailForExistingUser,

    /// <summary>A new user of that name. A user who has the name is asked to sign in: a name proves nothing.</summary>
    LinkByUsername,

    /// <summary>As <see cref="CreatePendingLink"/>: a user who has the name is asked to sign in.</summary>
    LinkByUsernameForExistingUser,

    /// <summary>The provider is not for signing in: nobody comes in by it.</summary>
    Unsupported,
}
