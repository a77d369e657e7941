using OrleansAuth.Users;

namespace OrleansAuth.Storage.Users;

/// <summary>Where the parts of a user are stored.</summary>
public static class UserKeys
{
    /// <summary>Of <see cref="StoredUser"/>.</summary>
    public static StateKey State(Guid userId) => new("user", Owner(userId));

    /// <summary>Of <see cref="UserLogins"/>.</summary>
    public static StateKey Logins(Guid userId) => new("user-login", Owner(userId));

    /// <summary>Of <see cref="UserAttempts"/>.</summary>
    public static StateKey Attempts(Guid userId) => new("user-attempts", Owner(userId));

    /// <summary>Of <see cref="DecoyAttempts"/>. Every tenant has the same stand-ins, so the key says which tenant's it is.</summary>
    public static StateKey Attempts(Guid tenantId, Guid decoyId) => new("user-attempts", $"{tenantId:N}/{decoyId:N}");

    /// <summary>The claim on a name to sign in with, whose owner is <see cref="Owner"/>.</summary>
    /// <param name="normalisedName">From <see cref="LoginName.Normalise"/> or <see cref="LoginName.Phone"/>.</param>
    public static ClaimKey Login(Guid tenantId, string normalisedName) => new($"login/{tenantId:N}", normalisedName);

    /// <summary>The claim on the id of a membership.</summary>
    public static ClaimKey Membership(Guid memberId) => new("group-member", memberId.ToString("N"));

    /// <summary>The claim on a YubiKey: what it typed must not be good for somebody else once more.</summary>
    public static ClaimKey YubiKey(Guid tenantId, string publicId) => new($"yubikey/{tenantId:N}", publicId);

    /// <summary>How claims name their owner.</summary>
    public static string Owner(Guid userId) => userId.ToString("N");
}
