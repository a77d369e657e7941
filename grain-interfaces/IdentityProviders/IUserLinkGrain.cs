using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.IdentityProviders;

/// <summary>One user as somebody whom providers know: the same grain as <see cref="IUserGrain"/>.</summary>
[Alias("user-links")]
public interface IUserLinkGrain : IGrainWithStringKey
{
    /// <summary>
    /// Links the user with a person of a provider. Refused where that person is somebody else's, where the user has as many
    /// links as the tenant lets it have, and where what is pending is over.
    /// </summary>
    [Alias("link")]
    Task<Outcome<LinkView>> Link(LinkUser command);

    /// <summary>Takes a link away. Not found where the user has none such.</summary>
    [Alias("unlink")]
    Task<Outcome<LinkView>> Unlink(UnlinkUser command);

    /// <summary>Lets the user in as whom a link makes known, by the gates of every login. Rejected where there is no such link.</summary>
    [Alias("login")]
    Task<Outcome<LoginResult>> LogInByLink(LogInByLink command);
}

/// <param name="Identity">Whom to link with; null for the one that is pending.</param>
[GenerateSerializer, Immutable, Alias("user-links.link.v1")]
public sealed record LinkUser(FederatedIdentity? Identity, Actor Actor)
{
    /// <summary>What a login left pending, which is used up with this.</summary>
    [Id(0)] public string? PendingLinkId { get; init; }

    /// <summary>When the user signed in who confirms, milliseconds since 1970: not before the link was pending. Null for a caller who needs no confirmation.</summary>
    [Id(1)] public long? SignedIn { get; init; }

    /// <summary>Says nothing of the person.</summary>
    public override string ToString() => "link of a user";
}

/// <param name="Subject">The provider's name for the person.</param>
[GenerateSerializer, Immutable, Alias("user-links.unlink.v1")]
public sealed record UnlinkUser(Guid ProviderId, string Subject, Actor Actor);

/// <param name="Identity">Proved just now.</param>
/// <param name="LinkOrigin">Where links in messages lead. Null sends none.</param>
[GenerateSerializer, Immutable, Alias("user-links.login.v1")]
public sealed record LogInByLink(FederatedIdentity Identity, LoginWish Wish, string? LinkOrigin);

/// <summary>A link as the API shows it.</summary>
[GenerateSerializer, Immutable, Alias("user-links.view.v1")]
public sealed record LinkView(JsonText Link);

/// <summary>How keys of user grains are written for this side of them.</summary>
public static class UserLinkGrainKeys
{
    public static IUserLinkGrain UserLinks(this IGrainFactory grains, Guid tenantId, Guid userId) =>
        grains.GetGrain<IUserLinkGrain>(UserGrainKeys.Key(tenantId, userId));
}
