using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.WebAuthn;

/// <summary>
/// One user as the holder of passkeys: the same grain as <see cref="IUserGrain"/>, so what happens to passkeys and to the
/// rest of the user happens one after the other.
/// </summary>
[Alias("user-passkey")]
public interface IUserPasskeyGrain : IGrainWithStringKey
{
    /// <summary>
    /// Verifies a new passkey and keeps it. Not found for a user who does not exist or is deactivated; invalid where a step
    /// fails, where somebody in the tenant has the credential already, and where the user has as many as one may have.
    /// </summary>
    [Alias("register")]
    Task<Outcome<PasskeyView>> Register(RegisterPasskey command);

    /// <summary>Verifies the use of a passkey and lets the user in, or says why not. Every step that fails is a wrong credential to the caller.</summary>
    [Alias("login")]
    Task<Outcome<LoginResult>> LogIn(LogInWithPasskey command);

    /// <summary>Verifies the use of a passkey, and nothing more. Invalid where a step fails.</summary>
    [Alias("assert")]
    Task<Outcome<PasskeyView>> Assert(AssertPasskey command);

    /// <summary>Keeps passkeys that were made elsewhere, all of them or none.</summary>
    [Alias("import")]
    Task<Outcome<PasskeyView>> Import(ImportPasskeys command);

    /// <summary>Forgets one passkey, or all. Not found where there is no such one.</summary>
    [Alias("remove")]
    Task<Outcome<PasskeyView>> Remove(RemovePasskeys command);
}

/// <summary>How keys of users as holders of passkeys are written.</summary>
public static class UserPasskeyGrainKeys
{
    /// <summary>The user, as the holder of passkeys.</summary>
    public static IUserPasskeyGrain UserPasskeys(this IGrainFactory grains, Guid tenantId, Guid userId) =>
        grains.GetGrain<IUserPasskeyGrain>($"{tenantId:N}/{userId:N}");
}

/// <param name="IsDiscoverable">What the browser says about it: the authenticator offers it by itself.</param>
/// <param name="Transports">How the authenticator can be reached; hints for later.</param>
/// <param name="UserAgent">The browser's name for itself.</param>
[GenerateSerializer, Immutable, Alias("passkey.register.v1")]
public sealed record RegisterPasskey(
    PasskeyCeremony Ceremony, PasskeyRegistration Registration, string DisplayName, string Name, bool IsDiscoverable, ImmutableArray<string> Transports, string? UserAgent, Actor Actor);

/// <param name="CredentialId">The one passkey that was asked for, by its own id; null for any of the user.</param>
/// <param name="NeedsHandle">Nobody has said who the user is: the authenticator must.</param>
[GenerateSerializer, Immutable, Alias("passkey.assert.v1")]
public sealed record AssertPasskey(PasskeyCeremony Ceremony, PasskeyAssertion Assertion, Guid? CredentialId, bool NeedsHandle);

[GenerateSerializer, Immutable, Alias("passkey.login.v1")]
public sealed record LogInWithPasskey(AssertPasskey Use, LoginWish Wish);

/// <param name="Passkeys">A JSON array of passkeys as they are stored, checked but for what other passkeys decide.</param>
[GenerateSerializer, Immutable, Alias("passkey.import.v1")]
public sealed record ImportPasskeys(JsonText Passkeys, Actor Actor);

/// <param name="PasskeyId">Null for all.</param>
[GenerateSerializer, Immutable, Alias("passkey.remove.v1")]
public sealed record RemovePasskeys(Guid? PasskeyId, Actor Actor);

/// <summary>A passkey as the API shows it; an empty object where there is none to show.</summary>
[GenerateSerializer, Immutable, Alias("passkey.view.v1")]
public sealed record PasskeyView(JsonText Passkey);
