using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Sessions;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// One person of one provider in one tenant. Everything that this person signs in for passes through here, so two logins that
/// come at once make one user; where the engine has two of these for a moment, the store decides.
/// </summary>
[Alias("federated-identity")]
public interface IFederatedIdentityGrain : IGrainWithStringKey
{
    /// <summary>Signs in the user who is linked, or does what the provider's strategy says where nobody is.</summary>
    [Alias("sign-in")]
    Task<Outcome<FederatedLogin>> SignIn(SignInWithIdentity command);
}

/// <summary>A person whom a provider has proved, and what the login is for.</summary>
/// <param name="Wish">Names the application.</param>
/// <param name="LinkOrigin">Where links in messages lead that verify an address. Null sends none.</param>
[GenerateSerializer, Immutable, Alias("federated-identity.sign-in.v1")]
public sealed record SignInWithIdentity(FederatedIdentity Identity, LoginWish Wish, string? LinkOrigin)
{
    /// <summary>Without a link nothing is made: neither a user nor a link nor a pending one.</summary>
    [Id(0)] public bool OnlyLinked { get; init; }
}

/// <param name="Login">How it went for the user, where there is one.</param>
/// <param name="PendingLinkId">Stands for the person until a user takes it. Shown once: the store has only its hash.</param>
[GenerateSerializer, Immutable, Alias("federated-identity.login.v1")]
public sealed record FederatedLogin(FederatedStatus Status, LoginResult? Login, string? PendingLinkId);

/// <summary>What became of a login by a provider.</summary>
public enum FederatedStatus
{
    /// <summary>There is a user; what the gates say stands in the login.</summary>
    Found,

    /// <summary>The person has to sign in here and confirm, or to make an account.</summary>
    Pending,

    /// <summary>Nobody is linked, and nobody is to be.</summary>
    NotLinked,

    /// <summary>The provider does not serve the application.</summary>
    NotServed,
}

/// <summary>How keys of these grains are written.</summary>
public static class FederatedIdentityGrainKeys
{
    public static IFederatedIdentityGrain FederatedIdentity(this IGrainFactory grains, Guid tenantId, FederatedIdentity identity) =>
        grains.GetGrain<IFederatedIdentityGrain>($"{tenantId:N}/{identity.ProviderId:N}/{Mark(identity.Issuer, identity.Subject)}");

    /// <summary>Stands for issuer and subject, which may be long and which no log should show.</summary>
    public static string Mark(string issuer, string subject) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")));
}
