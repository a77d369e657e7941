using System.Text.Json.Nodes;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Webhooks;
using OrleansAuth.Tenants;

namespace OrleansAuth.Sessions;

/// <summary>What others hear of the session. Such events hold tokens, and are stored sealed.</summary>
internal sealed partial class SessionGrain
{
    /// <summary>A new access token; null where nobody receives that. The token itself is made by the web tier, afterwards, and is not in it.</summary>
    /// <param name="token">The refresh token from now on.</param>
    private OperationEvents? Refreshed(StoredSession session, RefreshSession command, string token) => Raise(EventTypes.JwtRefresh, session, command.Actor, null, () =>
    {
        var members = new JsonObject { ["refreshToken"] = token, ["userId"] = session.UserId };
        if (session.ApplicationId is { } application) members["applicationId"] = application;
        if (command.Original is { } original) members["original"] = original;
        return members;
    });

    /// <summary>The end of this one session; null where nobody receives that.</summary>
    /// <param name="asks">False: receivers hear of it and cannot prevent it.</param>
    private OperationEvents? Revoked(StoredSession session, Actor actor, bool asks) => Raise(EventTypes.JwtRefreshTokenRevoke, session, actor, asks ? null : TransactionType.None, () =>
    {
        var members = new JsonObject { ["refreshToken"] = SessionDisplay.Show(_sessionId, session), ["userId"] = session.UserId };
        if (session.ApplicationId is not { } application) return members;
        members["applicationId"] = application;
        if (TokenSettings.Find(configuration.Current, _tenantId, application) is { } settings)
            members["applicationTimeToLiveInSeconds"] = new JsonObject { [application.ToString()] = settings.Jwt.TimeToLiveInSeconds };
        return members;
    });

    private OperationEvents? Raise(string type, StoredSession session, Actor actor, TransactionType? transaction, Func<JsonObject> members)
    {
        if (Receivers.In(configuration.Current).Of(_tenantId, type).IsEmpty) return null;
        return source.Begin(_tenantId, session.UserId, actor.Info).Add(type, members, linkedObject: _sessionId, transaction);
    }
}
