using System.Buffers.Text;
using System.Collections.Immutable;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Storage.WebAuthn;

/// <summary>What storing passkeys means: the row of the user, and the claims that find them and keep them apart.</summary>
public static class PasskeyCommit
{
    /// <summary>Stores the user's passkeys in place of those before; none at all takes the row away.</summary>
    /// <param name="before">As read; null where there was no row.</param>
    /// <param name="version">Of the row that was read; 0 for none.</param>
    public static Commit PutPasskeys(this Commit commit, Guid tenantId, Guid userId, StoredPasskeys? before, long version, ImmutableArray<StoredPasskey> after)
    {
        var owner = UserKeys.Owner(userId);
        foreach (var gone in Without(before?.Passkeys ?? [], after))
            foreach (var claim in Claims(tenantId, gone)) commit.Release(claim, owner);
        foreach (var added in Without(after, before?.Passkeys ?? []))
            foreach (var claim in Claims(tenantId, added)) commit.Claim(claim, owner, tenantId);
        if (!after.IsEmpty) return commit.Put(PasskeyKeys.State(userId), version, new StoredPasskeys { TenantId = tenantId, Passkeys = after }.Write(), tenantId);
        return version > 0 ? commit.Remove(PasskeyKeys.State(userId), version) : commit;
    }

    private static IEnumerable<StoredPasskey> Without(ImmutableArray<StoredPasskey> some, ImmutableArray<StoredPasskey> others) =>
        some.Where(passkey => others.All(other => other.Id != passkey.Id));

    private static ClaimKey[] Claims(Guid tenantId, StoredPasskey passkey) =>
        [PasskeyKeys.Credential(tenantId, Base64Url.DecodeFromChars(passkey.CredentialId)), PasskeyKeys.Passkey(passkey.Id)];
}
