using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <param name="LoginId">What was typed, for the login record.</param>
/// <param name="LoginIdTypes">Which identities may be meant (<c>email</c>, <c>phoneNumber</c>, <c>username</c>); empty for the default, e-mail and username.</param>
/// <param name="Password">In the clear; never logged, never stored.</param>
/// <param name="Device">The contract's <c>metaData</c> of the new session, or null.</param>
[GenerateSerializer, Immutable, Alias("login.v1")]
public sealed record Login(string LoginId, System.Collections.Immutable.ImmutableArray<string> LoginIdTypes, string Password, Guid? ApplicationId, JsonText? Device, Actor Actor)
{
    /// <summary>The caller wants to know who it is and nothing more: no session is opened.</summary>
    [Id(0)] public bool WithoutSession { get; init; }
}

/// <summary>A login that happened elsewhere, in this application if one is named.</summary>
[GenerateSerializer, Immutable, Alias("login.ping.v1")]
public sealed record PingLogin(Guid? ApplicationId, Actor Actor)
{
    /// <summary>
    /// A session of the user that was checked just now; the login opens one beside it, for its own application, where that
    /// has refresh tokens. Null opens none.
    /// </summary>
    [Id(0)] public CheckedSession? Beside { get; init; }
}

/// <summary>What the gates said. The order is the order in which they are asked.</summary>
public enum LoginStatus
{
    /// <summary>Unknown user or wrong password: the caller learns no more.</summary>
    Rejected,

    /// <summary>The account is deactivated.</summary>
    Locked,

    /// <summary>The account's expiry has passed.</summary>
    Expired,

    /// <summary>The password must be changed first.</summary>
    ChangePassword,

    /// <summary>In, but the e-mail is not verified.</summary>
    EmailUnverified,

    /// <summary>In, but the registration is not verified.</summary>
    RegistrationUnverified,

    /// <summary>In, but not registered for the application.</summary>
    NotRegistered,

    /// <summary>In.</summary>
    Ok,
}

/// <param name="User">The user as the API shows it, where the status lets the caller see it.</param>
/// <param name="Subject">What a token may say, where the status allows a token.</param>
/// <param name="Session">The refresh token that was opened, if the application has them.</param>
/// <param name="ChangePasswordReason">For <see cref="LoginStatus.ChangePassword"/>.</param>
[GenerateSerializer, Immutable, Alias("login.result.v1")]
public sealed record LoginResult(LoginStatus Status, JsonText? User, TokenSubject? Subject, OpenedSession? Session, ChangePasswordReason? ChangePasswordReason)
{
    /// <summary>How the user proved who it is, as tokens say it; see <see cref="Tokens.AuthenticationTypes"/>.</summary>
    [Id(0)] public string AuthenticationType { get; init; } = Tokens.AuthenticationTypes.Password;
}

/// <param name="SessionId">The contract's <c>refreshTokenId</c>; stays the same when the token's value rotates.</param>
/// <param name="Token">The refresh token. Shown once: the store has only its hash.</param>
[GenerateSerializer, Immutable, Alias("session.opened.v1")]
public sealed record OpenedSession(Guid SessionId, string Token);
