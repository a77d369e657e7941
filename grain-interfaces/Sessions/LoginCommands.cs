using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <param name="LoginId">What was typed, for the login record.</param>
/// <param name="LoginIdTypes">Which identities may be meant (<c>email</c>, <c>phoneNumber</c>, <c>username</c>); empty for the default, e-mail and username.</param>
/// <param name="Password">In the clear; never logged, never stored.</param>
[GenerateSerializer, Immutable, Alias("login.v1")]
public sealed record Login(string LoginId, System.Collections.Immutable.ImmutableArray<string> LoginIdTypes, string Password, LoginWish Wish);

/// <summary>What a login is for, whichever way the user proves who it is. Goes along until the last factor is proved.</summary>
/// <param name="ApplicationId">The application that the user signs in to; null for none.</param>
[GenerateSerializer, Immutable, Alias("login.wish.v1")]
public sealed record LoginWish(Guid? ApplicationId, Actor Actor)
{
    /// <summary>The contract's <c>metaData</c> of the new session, or null.</summary>
    [Id(0)] public JsonText? Device { get; init; }

    /// <summary>The caller wants to know who it is and nothing more: no session is opened.</summary>
    [Id(1)] public bool WithoutSession { get; init; }

    /// <summary>The browser of our own pages: a single sign-on session is opened in place of a refresh token.</summary>
    [Id(2)] public OpenSignOn? SignOn { get; init; }

    /// <summary>What a device holds that passed the second factor before and is trusted; null for none.</summary>
    [Id(3)] public string? TrustId { get; init; }

    /// <summary>What is known of the device that the user signs in on; null for nothing.</summary>
    [Id(4)] public SeenDevice? Seen { get; init; }
}

/// <summary>A device as a login shows it.</summary>
/// <param name="Mark">
/// Tells it from others, at most 64 characters: the hash of what its browser keeps for us, or of what it calls itself. It gives no right; null
/// where it cannot be told.
/// </param>
/// <param name="SaysNew">The caller knows that the user has not been seen on it.</param>
[GenerateSerializer, Immutable, Alias("login.seen-device.v1")]
public sealed record SeenDevice(string? Mark, bool SaysNew);

/// <summary>A browser to open a single sign-on session for.</summary>
/// <param name="Remember">The user asked to stay signed in.</param>
/// <param name="UserAgent">The browser's name for itself; at most 512 characters are kept.</param>
[GenerateSerializer, Immutable, Alias("login.sign-on.v1")]
public sealed record OpenSignOn(bool Remember, string? UserAgent);

/// <summary>
/// A user whom a single sign-on session or a code stands for wants a token: the gates are asked again, now.
/// </summary>
/// <param name="Opened">When the session was opened that stands for the user; revocations since then end it.</param>
[GenerateSerializer, Immutable, Alias("login.admit.v1")]
public sealed record AdmitUser(Guid ApplicationId, long Opened, Actor Actor)
{
    /// <summary>The admission is a login of the application: it is recorded.</summary>
    [Id(0)] public bool Counts { get; init; }

    /// <summary>Opens a refresh token with this id and grant; null opens none.</summary>
    [Id(1)] public NewSession? Session { get; init; }

    /// <summary>The second factor that the session's user proved; null for none.</summary>
    [Id(2)] public Mfa.FactorProof? Factor { get; init; }
}

/// <param name="SessionId">Chosen by the caller, so that it is known before the session is there.</param>
/// <param name="SignedIn">When the user proved who it is, milliseconds since 1970.</param>
[GenerateSerializer, Immutable, Alias("login.new-session.v1")]
public sealed record NewSession(Guid SessionId, long SignedIn, SessionGrant Grant, JsonText? Device);

/// <param name="Status">Which gate is shut, or that none is.</param>
/// <param name="Subject">What tokens may say; null where the gates let nobody in.</param>
/// <param name="Session">The refresh token that was asked for.</param>
[GenerateSerializer, Immutable, Alias("login.admission.v1")]
public sealed record Admission(LoginStatus Status, TokenSubject? Subject, OpenedSession? Session)
{
    /// <summary>For <see cref="LoginStatus.Prevented"/>: the actions in force, as the API shows them.</summary>
    [Id(0)] public JsonText? Actions { get; init; }
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

/// <summary>What the gates said. The order is the order in which they are asked, but for what was added later: the wire has their numbers.</summary>
public enum LoginStatus
{
    /// <summary>Unknown user or wrong password: the caller learns no more.</summary>
    Rejected,

    /// <summary>The account is deactivated.</summary>
    Locked,

    /// <summary>The account's expiry has passed.</summary>
    Expired,

    /// <summary>A user action that prevents logins is in force, the lockout after failed logins among them.</summary>
    Prevented,

    /// <summary>The first factor is proved, a second one is asked for.</summary>
    TwoFactor,

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

    /// <summary>In, but the phone number is not verified. Asked between the e-mail and the registration.</summary>
    PhoneUnverified,
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

    /// <summary>The single sign-on session that was opened, if one was asked for.</summary>
    [Id(1)] public OpenedSession? SignOn { get; init; }

    /// <summary>Whose password was right, also where the status says no more; null otherwise.</summary>
    [Id(2)] public Guid? UserId { get; init; }

    /// <summary>For <see cref="LoginStatus.ChangePassword"/>: opens the way to a new password, as a mailed link does.</summary>
    [Id(3)] public string? ChangePasswordId { get; init; }

    /// <summary>For <see cref="LoginStatus.Prevented"/>: the actions in force, as the API shows them.</summary>
    [Id(4)] public JsonText? Actions { get; init; }

    /// <summary>For <see cref="LoginStatus.TwoFactor"/>: what the second factor is proved with.</summary>
    [Id(5)] public TwoFactorChallenge? Challenge { get; init; }

    /// <summary>Further members of the contract's answer, such as <c>emailVerificationId</c>, <c>identityVerificationId</c> or <c>trustToken</c>; a JSON object.</summary>
    [Id(6)] public JsonText? Members { get; init; }

    /// <summary>The second factor that was proved before a gate stopped the login; null for none.</summary>
    [Id(7)] public Mfa.FactorProof? Factor { get; init; }
}

/// <summary>A login that waits for its second factor.</summary>
/// <param name="TwoFactorId">Stands for the login until then. Shown once: the store has only its hash.</param>
/// <param name="Methods">The methods that the user has, as the API shows them; an array, empty where the user must set one up first.</param>
/// <param name="ConfigurableMethods">The methods that the user may set up, where one is demanded and there is none; null otherwise.</param>
[GenerateSerializer, Immutable, Alias("login.challenge.v1")]
public sealed record TwoFactorChallenge(string TwoFactorId, JsonText Methods, JsonText? ConfigurableMethods);

/// <param name="SessionId">The contract's <c>refreshTokenId</c>; stays the same when the token's value rotates.</param>
/// <param name="Token">The refresh token. Shown once: the store has only its hash.</param>
[GenerateSerializer, Immutable, Alias("session.opened.v1")]
public sealed record OpenedSession(Guid SessionId, string Token);
