using OrleansAuth.Storage.Sessions;

namespace OrleansAuth.Sessions;

/// <summary>Grants on their way between messages and the store.</summary>
internal static class StoredGrants
{
    public static SessionGrant? Show(StoredGrant? stored) => stored is null ? null : new SessionGrant(stored.Scope, stored.AuthenticationType)
    {
        IsPublic = stored.IsPublic,
        Thumbprint = stored.Thumbprint,
        SignOnId = stored.SignOnId,
        Resources = stored.Resources,
    };

    public static StoredGrant Keep(SessionGrant grant) => new(grant.Scope, grant.AuthenticationType)
    {
        IsPublic = grant.IsPublic,
        Thumbprint = grant.Thumbprint,
        SignOnId = grant.SignOnId,
        Resources = grant.Resources,
    };
}
