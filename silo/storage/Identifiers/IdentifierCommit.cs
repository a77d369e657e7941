using OrleansAuth.Identifiers;

namespace OrleansAuth.Storage.Identifiers;

/// <summary>How a commit hands an identifier out together with what else it means.</summary>
public static class IdentifierCommit
{
    /// <summary>
    /// Begins the life of an identifier that was made just now, so that no grain can have looked for it. One that exists
    /// already refuses the commit as a conflict.
    /// </summary>
    public static Commit Issue(this Commit commit, string kind, string identifier, StoredIdentifier stored)
    {
        var id = IdentifierGrainKeys.IdOf(kind, identifier);
        return commit.Put(StoredIdentifier.Key(id), 0, stored.Write(), stored.TenantId)
            .Upsert(Tables.Identifier, ("id", id), ("tenant_id", stored.TenantId), ("expires_at", stored.ExpiresAt));
    }
}
