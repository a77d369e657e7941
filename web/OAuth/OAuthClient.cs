using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Applications;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Tenants;

namespace OrleansAuth.OAuth;

/// <summary>An application as an OAuth 2.0 client, in the tenant that the request is about.</summary>
internal sealed record OAuthClient(TokenSettings Settings)
{
    public Application Application => Settings.Application!;

    public Tenant Tenant => Settings.Tenant;

    public OAuth2Configuration OAuth => Application.OauthConfiguration;

    public string Id => Application.ClientId;

    public bool Allows(string grantType) => OAuth.EnabledGrants.Contains(grantType);

    /// <summary>Compares in a time that does not depend on the secret.</summary>
    public bool HasSecret(string secret) =>
        OAuth.ClientSecret is { Length: > 0 } own && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SHA256.HashData(Encoding.UTF8.GetBytes(own)));

    /// <summary>
    /// The client of this id, or null. An application that every tenant can use needs to be told the tenant; for any other
    /// one a tenant that is named must be its own.
    /// </summary>
    public static OAuthClient? Find(ConfigurationSnapshot snapshot, string? clientId, string? tenantId)
    {
        if (clientId is null || FindApplication(snapshot, clientId) is not { } application) return null;
        if (tenantId is not null && (!Guid.TryParse(tenantId, out var named) || (application.TenantId is { } owner && owner != named))) return null;
        var tenant = application.TenantId ?? (Guid.TryParse(tenantId, out var chosen) ? chosen : null);
        return tenant is { } id && TokenSettings.Find(snapshot, id, application.Id) is { } settings ? new OAuthClient(settings) : null;
    }

    /// <summary>The client of an application, or null where the application is not active.</summary>
    public static OAuthClient? Find(ConfigurationSnapshot snapshot, Guid tenantId, Guid applicationId) =>
        TokenSettings.Find(snapshot, tenantId, applicationId) is { Application: not null } settings ? new OAuthClient(settings) : null;

    /// <summary>The application of this client id, active or not, of whichever tenant.</summary>
    public static Application? FindApplication(ConfigurationSnapshot snapshot, string clientId) => snapshot.Derive(ByClientId).GetValueOrDefault(clientId);

    private static FrozenDictionary<string, Application> ByClientId(ConfigurationSnapshot snapshot) =>
        snapshot.All<Application>().ToFrozenDictionary(application => application.ClientId, StringComparer.Ordinal);
}
