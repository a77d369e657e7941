using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <summary>
/// One refresh token through all its values. It asks the user (never the other way round) whether the session may go on, so
/// calls never cross.
/// </summary>
[Alias("session")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Exchanges the token for the right to a new access token, and rotates its value where the policy is one-time use. A
    /// value that was used before is refused and, by policy, ends the session.
    /// </summary>
    [Alias("refresh")]
    Task<Outcome<Refreshed>> Refresh(RefreshSession command);

    /// <summary>
    /// Whether the token could be refreshed now. It uses nothing up: no value is rotated, no use is counted, and a spent
    /// value ends nothing.
    /// </summary>
    [Alias("check"), Repeatable]
    Task<Outcome<CheckedSession>> Check(CheckSession query);

    /// <summary>The session as the API shows it, or null where it is over.</summary>
    [Alias("read"), Repeatable]
    Task<SessionView?> Read();

    /// <summary>
    /// Takes over a refresh token that another system gave out. Refuses a taken id or value with <c>[duplicate]</c>, and a
    /// user who does not exist or is not registered.
    /// </summary>
    [Alias("import")]
    Task<Outcome<SessionView>> Import(ImportSession command);

    /// <summary>Ends the session. Ending one that is over changes nothing.</summary>
    [Alias("revoke")]
    Task<Outcome<SessionView>> Revoke(RevokeSession command);
}

/// <param name="Token">The value as the client holds it.</param>
[GenerateSerializer, Immutable, Alias("session.refresh.v1")]
public sealed record RefreshSession(string Token, Actor Actor)
{
    /// <summary>Asked for through the login API, which an application must allow (<c>loginConfiguration.allowTokenRefresh</c>).</summary>
    [Id(0)] public bool ThroughApi { get; init; }

    /// <summary>The OAuth 2.0 client that asks; the session must be of its application. Null for the login API and our own pages.</summary>
    [Id(1)] public RefreshingClient? Client { get; init; }

    /// <summary>The access token that the caller wants to replace, as sent, for those who receive the event; null where none was sent.</summary>
    [Id(2)] public string? Original { get; init; }

    /// <summary>Names no token.</summary>
    public override string ToString() => "refresh of a session";
}

/// <param name="Thumbprint">Of the key that the client proved to have (RFC 9449); null where it proved none.</param>
[GenerateSerializer, Immutable, Alias("session.client.v1")]
public sealed record RefreshingClient(Guid ApplicationId, string? Thumbprint);

/// <summary>What an OAuth 2.0 client was granted with a refresh token.</summary>
/// <param name="Scope">Granted scopes, separated by spaces.</param>
/// <param name="AuthenticationType">How the user proved who it is.</param>
[GenerateSerializer, Immutable, Alias("session.grant.v1")]
public sealed record SessionGrant(string Scope, string AuthenticationType)
{
    /// <summary>The client cannot keep a secret: its refresh token is for one use, and a second use ends the session.</summary>
    [Id(0)] public bool IsPublic { get; init; }

    /// <summary>Thumbprint of the key that uses must be proved with; null where none is demanded.</summary>
    [Id(1)] public string? Thumbprint { get; init; }

    /// <summary>The single sign-on session that the grant came from.</summary>
    [Id(2)] public Guid? SignOnId { get; init; }

    /// <summary>Resources that access tokens are also for (RFC 8707).</summary>
    [Id(3)] public ImmutableArray<string> Resources { get; init; } = [];
}

/// <param name="Token">The value as the client holds it.</param>
/// <param name="UserId">Whose session it must be.</param>
[GenerateSerializer, Immutable, Alias("session.check.v1")]
public sealed record CheckSession(string Token, Guid UserId);

/// <summary>A session whose token is good. Instants are milliseconds since 1970.</summary>
/// <param name="Opened">What revocations are compared with.</param>
/// <param name="SignedIn">When the user signed in.</param>
/// <param name="LifetimeStart">What the lifetime counts from.</param>
[GenerateSerializer, Immutable, Alias("session.checked.v1")]
public sealed record CheckedSession(Guid? ApplicationId, long Opened, long SignedIn, long LifetimeStart);

/// <param name="Token">The value, in whatever form clients hold it.</param>
/// <param name="InsertInstant">When the user signed in there, milliseconds since 1970; null for now.</param>
/// <param name="StartInstant">What the lifetime counts from; null for <paramref name="InsertInstant"/>.</param>
/// <param name="MetaData">The contract's <c>metaData</c>, or null.</param>
/// <param name="Data">The contract's <c>data</c>, or null.</param>
[GenerateSerializer, Immutable, Alias("session.import.v1")]
public sealed record ImportSession(Guid UserId, Guid? ApplicationId, string Token, long? InsertInstant, long? StartInstant, JsonText? MetaData, JsonText? Data, Actor Actor);

/// <param name="Token">The value to use from now on: a new one after a rotation, else the same.</param>
/// <param name="Started">When the session began, milliseconds since 1970: the <c>auth_time</c> of its tokens.</param>
[GenerateSerializer, Immutable, Alias("session.refreshed.v1")]
public sealed record Refreshed(Guid SessionId, string Token, Guid? ApplicationId, long Started, TokenSubject Subject)
{
    /// <summary>What the client was granted; null for a session that the login API opened.</summary>
    [Id(0)] public SessionGrant? Grant { get; init; }
}

/// <param name="Session">The contract's refresh token object, without its value.</param>
[GenerateSerializer, Immutable, Alias("session.view.v1")]
public sealed record SessionView(Guid TenantId, Guid UserId, Guid? ApplicationId, JsonText Session)
{
    /// <summary>Granted scopes, separated by spaces; null where no OAuth 2.0 client was granted any.</summary>
    [Id(0)] public string? Scope { get; init; }
}

/// <summary>Ends a session; the actor is for the audit log.</summary>
[GenerateSerializer, Immutable, Alias("session.revoke.v1")]
public sealed record RevokeSession(Actor Actor)
{
    /// <summary>Where the caller proves by the token that the session is its own: the present value or an earlier one. Not found for any other.</summary>
    [Id(0)] public string? Token { get; init; }

    /// <summary>Where the caller is a user: nobody else's session is found.</summary>
    [Id(1)] public Guid? UserId { get; init; }
}

/// <summary>How keys of session grains are written and read.</summary>
public static class SessionGrainKeys
{
    /// <summary>The only place that knows how a session's key is written.</summary>
    public static ISessionGrain Session(this IGrainFactory grains, Guid tenantId, Guid sessionId) =>
        grains.GetGrain<ISessionGrain>($"{tenantId:N}/{sessionId:N}");

    /// <summary>Reads a key back; for the grain itself.</summary>
    public static (Guid TenantId, Guid SessionId) ReadKey(string key) =>
        (Guid.ParseExact(key.AsSpan(0, 32), "N"), Guid.ParseExact(key.AsSpan(33), "N"));
}
