using System.Security.Cryptography;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Storage.WebAuthn;

/// <summary>Where passkeys are stored, and the claims by which they are found. Owners are written as <see cref="UserKeys.Owner"/>.</summary>
public static class PasskeyKeys
{
    /// <summary>Of <see cref="StoredPasskeys"/>.</summary>
    public static StateKey State(Guid userId) => new("user-passkeys", UserKeys.Owner(userId));

    /// <summary>The claim on the id that an authenticator gave a credential: one in a tenant, by its hash, because it may be long.</summary>
    public static ClaimKey Credential(Guid tenantId, ReadOnlySpan<byte> credentialId) =>
        new($"passkey/{tenantId:N}", Convert.ToHexStringLower(SHA256.HashData(credentialId)));

    /// <summary>The claim on our own id of a passkey.</summary>
    public static ClaimKey Passkey(Guid passkeyId) => new("passkey-id", passkeyId.ToString("N"));
}
