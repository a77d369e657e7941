using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;

namespace OrleansAuth.Users;

/// <param name="User">The user as the caller sent it, password in the clear.</param>
/// <param name="Registration">A registration to create with the user, as the caller sent it; null for none.</param>
/// <param name="SendSetPasswordEmail">The user sets a password by mail; none is needed now.</param>
/// <param name="SkipVerification">The e-mail counts as verified.</param>
[GenerateSerializer, Immutable, Alias("user.create.v1")]
public sealed record CreateUser(JsonText User, JsonText? Registration, bool SendSetPasswordEmail, bool SkipVerification, Actor Actor)
{
    /// <summary>Addresses in blocked domains are let through.</summary>
    [Id(0)] public bool DisableDomainBlock { get; init; }

    /// <summary>Gives the registration an authentication token.</summary>
    [Id(1)] public bool GenerateAuthenticationToken { get; init; }

    /// <summary>The registration counts as verified.</summary>
    [Id(2)] public bool SkipRegistrationVerification { get; init; }

    /// <summary>The caller gets a refresh token too, where the application has them and no gate is shut.</summary>
    [Id(3)] public bool OpensSession { get; init; }

    /// <summary>Where links in messages lead, scheme, host, port, perhaps a path: the one that <see cref="SendSetPasswordEmail"/> asks for, and those that verify. Null sends none.</summary>
    [Id(4)] public string? LinkOrigin { get; init; }

    /// <summary>Ids of verifications that were completed before there was the user: what they proved counts as verified.</summary>
    [Id(5)] public System.Collections.Immutable.ImmutableArray<string> VerificationIds { get; init; } = [];

    /// <summary>The application that the user comes from, for messages; null takes that of the registration.</summary>
    [Id(6)] public Guid? ApplicationId { get; init; }

    /// <summary>The user sets a password by a text message; none is needed now.</summary>
    [Id(7)] public bool SendSetPasswordText { get; init; }

    /// <summary>Whom a provider has proved the user to be: it is linked with the same commit, and needs neither a password nor a name.</summary>
    [Id(8)] public IdentityProviders.FederatedIdentity? Identity { get; init; }

    /// <summary>A message leads to the first password.</summary>
    public bool SetsPasswordLater => SendSetPasswordEmail || SendSetPasswordText;
}

/// <param name="User">The user as the API shows it.</param>
/// <param name="Registration">The registration that was created with it, if any.</param>
/// <param name="Subject">What a first token may say.</param>
[GenerateSerializer, Immutable, Alias("user.created.v1")]
public sealed record UserCreated(JsonText User, JsonText? Registration, TokenSubject Subject)
{
    /// <summary>The refresh token that was opened with the registration, if any.</summary>
    [Id(0)] public OpenedSession? Session { get; init; }

    /// <summary>A shut gate withholds the first token: the user exists, and signs in later.</summary>
    [Id(1)] public bool Gated { get; init; }

    /// <summary>What was handed out to verify, for callers who may know it.</summary>
    [Id(2)] public System.Collections.Immutable.ImmutableArray<Verification.OwedProof> Proofs { get; init; } = [];
}

/// <summary>A user as the API shows it: no password, no salt.</summary>
[GenerateSerializer, Immutable, Alias("user.view.v1")]
public sealed record UserView(JsonText User);

/// <param name="Change">The user or the patch, in the form that <paramref name="Kind"/> says.</param>
/// <param name="CurrentPassword">Checked when given, before a new password is taken.</param>
[GenerateSerializer, Immutable, Alias("user.change.v1")]
public sealed record ChangeUser(ChangeKind Kind, JsonText Change, string? CurrentPassword, bool SkipVerification, bool DisableDomainBlock, Actor Actor)
{
    /// <summary>As <see cref="CreateUser.LinkOrigin"/>: where links lead that verify a new address. Null sends none.</summary>
    [Id(0)] public string? LinkOrigin { get; init; }

    /// <summary>The application that the user comes from, for messages.</summary>
    [Id(1)] public Guid? ApplicationId { get; init; }
}

/// <summary>True removes the user for good; false deactivates.</summary>
[GenerateSerializer, Immutable, Alias("user.remove.v1")]
public sealed record RemoveUser(bool Hard, Actor Actor);

/// <param name="ApplicationId">Which registration.</param>
/// <param name="Action">Add, change or remove it.</param>
/// <param name="Registration">The registration or the patch; null for a removal.</param>
[GenerateSerializer, Immutable, Alias("user.registration.v1")]
public sealed record ChangeRegistration(Guid ApplicationId, ItemAction Action, ChangeKind Kind, JsonText? Registration, Actor Actor)
{
    [Id(0)] public bool GenerateAuthenticationToken { get; init; }
    [Id(1)] public bool SkipRegistrationVerification { get; init; }
    [Id(2)] public bool DisableDomainBlock { get; init; }

    /// <summary>As <see cref="CreateUser.LinkOrigin"/>: where the link leads that verifies the registration. Null sends none.</summary>
    [Id(3)] public string? LinkOrigin { get; init; }
}

/// <param name="Registration">The registration as it is now; an empty object after a removal.</param>
[GenerateSerializer, Immutable, Alias("user.registration-view.v1")]
public sealed record RegistrationView(JsonText User, JsonText Registration)
{
    /// <summary>What was handed out to verify a new registration, for callers who may know it.</summary>
    [Id(0)] public System.Collections.Immutable.ImmutableArray<Verification.OwedProof> Proofs { get; init; } = [];
}

/// <summary>One membership to begin.</summary>
/// <param name="MemberId">Chosen by the caller or the server.</param>
/// <param name="Data">A JSON object, or null.</param>
[GenerateSerializer, Immutable, Alias("user.join.v1")]
public sealed record JoinGroup(Guid GroupId, Guid MemberId, JsonText? Data);

/// <summary>Groups to join and groups to leave, in one change.</summary>
[GenerateSerializer, Immutable, Alias("user.memberships.v1")]
public sealed record ChangeMemberships(ImmutableArray<JoinGroup> Join, ImmutableArray<Guid> Leave, Actor Actor);

/// <param name="ApplicationId">Only sessions of this application; null for all of the user's.</param>
[GenerateSerializer, Immutable, Alias("user.revoke-sessions.v1")]
public sealed record RevokeUserSessions(Guid? ApplicationId, Actor Actor);

/// <param name="ApplicationId">The application that the token is for, if any.</param>
/// <param name="SessionStarted">When the session began, for a token from a refresh; sessions from before a revocation are over.</param>
[GenerateSerializer, Immutable, Alias("user.read-subject.v1")]
public sealed record ReadSubject(Guid? ApplicationId, long? SessionStarted);

/// <summary>What tokens say about a user.</summary>
/// <param name="Registered">The user is registered for the application that was asked about.</param>
/// <param name="Roles">Names of the roles held there, by registration and by groups.</param>
[GenerateSerializer, Immutable, Alias("token-subject.v1")]
public sealed record TokenSubject(Guid UserId, Guid TenantId, string? Email, bool EmailVerified, string? Username, bool Registered, ImmutableArray<string> Roles)
{
    /// <summary>
    /// A token of this subject counts as issued after this instant, milliseconds since 1970, whatever the clock says that issues it: the last
    /// revocation, or just before the registration.
    /// </summary>
    [Id(0)] public long TokensAfter { get; init; }
}

/// <param name="CommenterId">The user who writes, in any tenant; null where nobody is known.</param>
[GenerateSerializer, Immutable, Alias("user.comment.v1")]
public sealed record CommentOnUser(Guid? CommenterId, string Comment, Actor Actor);

/// <summary>A comment as the API shows it.</summary>
[GenerateSerializer, Immutable, Alias("user.comment-view.v1")]
public sealed record UserCommentView(Guid Id, Guid UserId, Guid? CommenterId, string Comment, long InsertInstant);

/// <param name="Scopes">Those that were granted; claims of other scopes are left out.</param>
/// <param name="Opened">As for <see cref="ReadSubject.SessionStarted"/>.</param>
[GenerateSerializer, Immutable, Alias("user.read-claims.v1")]
public sealed record ReadClaims(Guid ApplicationId, ImmutableArray<string> Scopes, long? Opened);

/// <param name="Asked">Scopes that the user was asked about, separated by spaces.</param>
/// <param name="Granted">Those that the user agreed to.</param>
[GenerateSerializer, Immutable, Alias("user.consent-view.v1")]
public sealed record ConsentView(string Asked, string Granted);

/// <param name="Lifetime">For how long it is remembered.</param>
[GenerateSerializer, Immutable, Alias("user.remember-consent.v1")]
public sealed record RememberConsent(Guid ApplicationId, ConsentView Decision, TimeSpan Lifetime, Actor Actor);
