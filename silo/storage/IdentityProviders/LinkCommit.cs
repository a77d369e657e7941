using System.Collections.Immutable;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Storage.IdentityProviders;

/// <summary>What storing links means: the row of the user, and the claims that keep one person to one user.</summary>
public static class LinkCommit
{
    /// <summary>Stores the user's links in place of those before; none at all takes the row away.</summary>
    /// <param name="before">As read; null where there was no row.</param>
    /// <param name="version">Of the row that was read; 0 for none.</param>
    public static Commit PutLinks(this Commit commit, Guid tenantId, Guid userId, StoredLinks? before, long version, ImmutableArray<StoredLink> after)
    {
        var owner = UserKeys.Owner(userId);
        var (held, kept) = (Claims(tenantId, before?.Links ?? []), Claims(tenantId, after));
        foreach (var gone in held.Except(kept)) commit.Release(gone, owner);
        foreach (var added in kept.Except(held)) commit.Claim(added, owner, tenantId);
        if (!after.IsEmpty) return commit.Put(LinkKeys.State(userId), version, new StoredLinks { TenantId = tenantId, Links = after }.Write(), tenantId);
        return version > 0 ? commit.Remove(LinkKeys.State(userId), version) : commit;
    }

    private static ImmutableHashSet<ClaimKey> Claims(Guid tenantId, ImmutableArray<StoredLink> links) => [.. links.Select(link => LinkKeys.Identity(tenantId, link))];
}
