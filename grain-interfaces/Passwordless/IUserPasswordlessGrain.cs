using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Verification;

namespace OrleansAuth.Passwordless;

/// <summary>One user as somebody who signs in without a password: the same grain as <see cref="Users.IUserGrain"/>.</summary>
[Alias("user-passwordless")]
public interface IUserPasswordlessGrain : IGrainWithStringKey
{
    /// <summary>
    /// Uses up what was handed out and asks the gates, as with a password. Whoever stands in for a name that nobody has
    /// answers too, and as slowly: <see cref="LoginStatus.Rejected"/>, like every wrong code.
    /// </summary>
    [Alias("login")]
    Task<Outcome<LoginResult>> LogInWithProof(LogInWithProof command);

    /// <summary>
    /// Goes on with a login that a gate had stopped. Rejected where the password or the sessions have been changed since;
    /// whether the gate is open now is asked again, with all others.
    /// </summary>
    [Alias("login-after-gate")]
    Task<Outcome<LoginResult>> LogInAfterGate(LogInAfterGate command);
}

/// <param name="Browser">The hash of what the browser holds that presents it; null outside of our own pages.</param>
[GenerateSerializer, Immutable, Alias("passwordless.login.v1")]
public sealed record LogInWithProof(PresentedProof Proof, string? Code, LoginWish Wish, string? Browser)
{
    public override string ToString() => "login without a password";
}

/// <param name="Proved">When the first factor was proved, milliseconds since 1970.</param>
/// <param name="AuthenticationType">How; see <see cref="Tokens.AuthenticationTypes"/>.</param>
[GenerateSerializer, Immutable, Alias("passwordless.login-after-gate.v1")]
public sealed record LogInAfterGate(long Proved, string AuthenticationType, LoginWish Wish)
{
    /// <summary>The second factor that was proved before the gate; null where none was.</summary>
    [Id(0)] public Mfa.FactorProof? Factor { get; init; }
}
