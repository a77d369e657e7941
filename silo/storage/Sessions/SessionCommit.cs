namespace OrleansAuth.Storage.Sessions;

/// <summary>What storing a session means: the state row and the row that lists read, in one commit.</summary>
public static class SessionCommit
{
    /// <summary>Stores a new session.</summary>
    /// <param name="expiresAt">By the settings of now; only a hint for sweeping, reads compute it anew.</param>
    public static Commit OpenSession(this Commit commit, Guid sessionId, StoredSession session, long expiresAt)
    {
        commit.Put(StoredSession.Key(sessionId), 0, session.Write(), session.TenantId);
        if (session.ImportedHash is { } hash)
            commit.Claim(StoredSession.ImportedClaim(hash), StoredSession.ImportedOwner(session.TenantId, sessionId), session.TenantId);
        return commit.Upsert(
            Tables.RefreshToken,
            ("id", sessionId), ("user_id", session.UserId), ("application_id", session.ApplicationId), ("tenant_id", session.TenantId),
            ("session_kind", SessionKinds.Refresh), ("insert_instant", session.InsertInstant), ("start_instant", session.StartInstant), ("expires_at", expiresAt));
    }

    /// <summary>Stores a new single sign-on session.</summary>
    /// <param name="expiresAt">As for <see cref="OpenSession"/>.</param>
    public static Commit OpenSignOn(this Commit commit, Guid sessionId, StoredSignOn session, long expiresAt) => commit
        .Put(StoredSignOn.Key(sessionId), 0, session.Write(), session.TenantId)
        .Upsert(
            Tables.RefreshToken,
            ("id", sessionId), ("user_id", session.UserId), ("tenant_id", session.TenantId), ("session_kind", SessionKinds.SingleSignOn),
            ("insert_instant", session.SignedIn), ("start_instant", session.LastUsed), ("expires_at", expiresAt));

    /// <summary>Stores a use. A row that a revocation took away stays away.</summary>
    public static Commit UseSession(this Commit commit, Guid sessionId, StoredSession session, long version, long expiresAt) => commit
        .Put(StoredSession.Key(sessionId), version, session.Write(), session.TenantId)
        .Update(Tables.RefreshToken, ("id", sessionId), ("start_instant", session.StartInstant), ("expires_at", expiresAt));

    public static Commit EndSession(this Commit commit, Guid sessionId, StoredSession session, long version)
    {
        commit.Remove(StoredSession.Key(sessionId), version).Delete(Tables.RefreshToken, ("id", sessionId));
        return session.ImportedHash is { } hash
            ? commit.Release(StoredSession.ImportedClaim(hash), StoredSession.ImportedOwner(session.TenantId, sessionId))
            : commit;
    }
}
