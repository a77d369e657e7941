using OrleansAuth.Applications;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.Storage.Tokens;

/// <summary>
/// The token settings that are in force for a tenant and, where given, one of its applications: the application's if it
/// enables its own, else the tenant's.
/// </summary>
public sealed record TokenSettings
{
    private TokenSettings(Tenant tenant, Application? application)
    {
        Tenant = tenant;
        Application = application;
        Jwt = application is { JwtConfiguration: { Enabled: true } own } ? own : tenant.JwtConfiguration;
    }

    public Tenant Tenant { get; }

    public Application? Application { get; }

    public JwtConfiguration Jwt { get; }

    /// <summary>The key that signs access tokens. An application that names none uses its tenant's.</summary>
    public Guid? AccessTokenKeyId => Jwt.AccessTokenKeyId ?? Tenant.JwtConfiguration.AccessTokenKeyId;

    /// <summary>
    /// Null where the tenant or the application does not exist, is not active, or the application belongs to another tenant.
    /// </summary>
    public static TokenSettings? Find(ConfigurationSnapshot snapshot, Guid tenantId, Guid? applicationId)
    {
        if (snapshot.Find<Tenant>(tenantId) is not { State: ObjectState.Active } tenant) return null;
        if (applicationId is not { } id) return new TokenSettings(tenant, null);
        return snapshot.Find<Application>(id) is { Active: true, State: ObjectState.Active } application && (application.TenantId ?? tenantId) == tenantId
            ? new TokenSettings(tenant, application)
            : null;
    }

    /// <summary>When a session ends by its age, in milliseconds since 1970; by the settings of now, so that a shorter lifetime holds at once.</summary>
    public long ExpiryOf(StoredSession session)
    {
        var lifetime = session.StartInstant + Milliseconds(Jwt.RefreshTokenTimeToLiveInMinutes);
        return Jwt.RefreshTokenExpirationPolicy == RefreshTokenExpirationPolicy.SlidingWindowWithMaximumLifetime
            ? Math.Min(lifetime, session.InsertInstant + Milliseconds(Jwt.RefreshTokenSlidingWindowConfiguration.MaximumTimeToLiveInMinutes))
            : lifetime;
    }

    /// <summary>
    /// When a single sign-on session ends if it is not used again: after the tenant's idle time, or, where the user asked to
    /// stay signed in, after the life of a refresh token.
    /// </summary>
    public long ExpiryOf(StoredSignOn session) => session.Remembered
        ? session.SignedIn + Milliseconds(Tenant.JwtConfiguration.RefreshTokenTimeToLiveInMinutes)
        : session.LastUsed + (Tenant.HttpSessionMaxInactiveInterval * 1000L);

    private static long Milliseconds(int minutes) => minutes * 60_000L;
}
