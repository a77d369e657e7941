using OrleansAuth.IdentityProviders;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Storage.IdentityProviders;

/// <summary>Where links are stored, and the claims by which they are found. Owners are written as <see cref="UserKeys.Owner"/>.</summary>
public static class LinkKeys
{
    /// <summary>Of <see cref="StoredLinks"/>.</summary>
    public static StateKey State(Guid userId) => new("user-links", UserKeys.Owner(userId));

    /// <summary>The scope of all links of a tenant.</summary>
    public static string Scope(Guid tenantId) => $"idp-link/{tenantId:N}";

    /// <summary>The claim on a person of a provider: one user of the tenant at most is linked with it.</summary>
    public static ClaimKey Identity(Guid tenantId, Guid providerId, long providerInstant, string issuer, string subject) =>
        new(Scope(tenantId), $"{providerId:N}/{providerInstant}/{FederatedIdentityGrainKeys.Mark(issuer, subject)}");

    /// <summary>The claim of a link that there is.</summary>
    public static ClaimKey Identity(Guid tenantId, StoredLink link) => Identity(tenantId, link.ProviderId, link.ProviderInstant, link.Issuer, link.Subject);
}
