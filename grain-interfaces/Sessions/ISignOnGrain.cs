using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Sessions;

/// <summary>
/// One single sign-on session: one user in one browser of one tenant. The browser holds an opaque value and nothing else; it
/// proves the session each time, and the session asks the user whether it may go on.
/// </summary>
[Alias("sign-on")]
public interface ISignOnGrain : IGrainWithStringKey
{
    /// <summary>
    /// The session of this value, if it is not idle for too long, revoked or ended, and the user is still let in. Counts as a
    /// sign of life.
    /// </summary>
    [Alias("use"), Repeatable]
    Task<Outcome<SignOnView>> Use(UseSignOn command);

    /// <summary>Notes that an application got a token by this session, so that it is told of the end.</summary>
    [Alias("join")]
    Task<Outcome<SignOnView>> Join(JoinSignOn command);

    /// <summary>Takes the place of a session of the same user in the same browser: its applications are told when this one ends.</summary>
    [Alias("succeed")]
    Task<Outcome<SignOnView>> Succeed(SucceedSignOn command);

    /// <summary>Ends the session; answers what it was. Not found where it is over already or the value is not its own.</summary>
    [Alias("end")]
    Task<Outcome<SignOnView>> End(EndSignOn command);
}

/// <param name="Value">What the browser holds.</param>
[GenerateSerializer, Immutable, Alias("sign-on.use.v1")]
public sealed record UseSignOn(string Value, string? IpAddress);

[GenerateSerializer, Immutable, Alias("sign-on.join.v1")]
public sealed record JoinSignOn(Guid ApplicationId);

/// <param name="Before">As it was when it ended.</param>
[GenerateSerializer, Immutable, Alias("sign-on.succeed.v1")]
public sealed record SucceedSignOn(SignOnView Before);

/// <param name="Value">What the browser holds; null where the server itself or a key ends the session.</param>
/// <param name="UserId">Whose session it must be; null for anybody's.</param>
[GenerateSerializer, Immutable, Alias("sign-on.end.v1")]
public sealed record EndSignOn(string? Value, Guid? UserId, Actor Actor)
{
    /// <summary>The tenant's issuer, in whose name the applications of the session are told of the end; null tells nobody.</summary>
    [Id(0)] public string? Issuer { get; init; }
}

/// <param name="Opened">What revocations are compared with, milliseconds since 1970.</param>
/// <param name="SignedIn">When the user last proved who it is, milliseconds since 1970.</param>
/// <param name="Applications">Those that got tokens by the session.</param>
[GenerateSerializer, Immutable, Alias("sign-on.view.v1")]
public sealed record SignOnView(
    Guid SessionId, Guid TenantId, Guid UserId, long Opened, long SignedIn, string AuthenticationType, bool Remembered, ImmutableArray<Guid> Applications)
{
    /// <summary>The user's login name, for pages that say who is signed in.</summary>
    [Id(0)] public string? LoginName { get; init; }

    /// <summary>Sessions that this one took the place of, the latest last.</summary>
    [Id(1)] public ImmutableArray<EarlierSignOn> Earlier { get; init; } = [];

    /// <summary>The second factor that the user proved; null where the session was opened without one.</summary>
    [Id(2)] public Mfa.FactorProof? Factor { get; init; }

    /// <summary>Which applications know the session by which id.</summary>
    public IEnumerable<(Guid SessionId, Guid ApplicationId)> Known() =>
        Earlier.Append(new EarlierSignOn(SessionId, Applications)).SelectMany(e => e.Applications.Select(application => (e.SessionId, application)));
}

/// <param name="Applications">Those that got tokens by the session.</param>
[GenerateSerializer, Immutable, Alias("sign-on.earlier.v1")]
public sealed record EarlierSignOn(Guid SessionId, ImmutableArray<Guid> Applications);

/// <summary>How keys of single sign-on sessions are written and read.</summary>
public static class SignOnGrainKeys
{
    public static ISignOnGrain SignOn(this IGrainFactory grains, Guid tenantId, Guid sessionId) =>
        grains.GetGrain<ISignOnGrain>($"{tenantId:N}/{sessionId:N}");
}
