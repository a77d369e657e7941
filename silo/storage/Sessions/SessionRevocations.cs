using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.Storage.Sessions;

/// <summary>Revocations that are configuration: of an application's refresh tokens all at once.</summary>
public static class SessionRevocations
{
    /// <summary>The instant of the last such revocation; 0 where there was none.</summary>
    public static long SessionsRevokedBefore(this ConfigurationSnapshot snapshot, Guid applicationId) => snapshot.Find<ApplicationSessions>(applicationId)?.RevokedBefore ?? 0;

    /// <summary>Whether all sessions of the application that were open when this one was have been revoked.</summary>
    public static bool SessionsOver(this ConfigurationSnapshot snapshot, StoredSession session) =>
        snapshot.Find<ApplicationSessions>(session.ApplicationId) is { RevokedBefore: var before } && session.Opened <= before;
}
