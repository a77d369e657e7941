using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.Storage.Sessions;

/// <summary>
/// Finds and lists sessions without waking their grains. Shows what is alive: not revoked, not expired by the settings of
/// now, of an application that is active.
/// </summary>
public sealed class SessionReader(IStoreReader store)
{
    /// <summary>One session, or null.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public async Task<StoredSession?> Find(Guid sessionId, ConfigurationSnapshot snapshot, long now, CancellationToken stop = default)
    {
        var rows = await store.Query("select id from refresh_token where id = @id", row => row.Guid("id"), stop, ("id", sessionId)).ConfigureAwait(false);
        return rows.Count == 0 ? null : await Read(sessionId, snapshot, now, stop).ConfigureAwait(false);
    }

    /// <summary>The sessions of a user, newest first.</summary>
    public async Task<IReadOnlyList<(Guid Id, StoredSession Session)>> OfUser(Guid userId, ConfigurationSnapshot snapshot, long now, CancellationToken stop = default)
    {
        var ids = await store.Query(
            "select id from refresh_token where user_id = @user order by insert_instant desc, id desc", row => row.Guid("id"), stop, ("user", userId)).ConfigureAwait(false);
        var found = new List<(Guid, StoredSession)>(ids.Count);
        foreach (var id in ids)
            if (await Read(id, snapshot, now, stop).ConfigureAwait(false) is { } session) found.Add((id, session));
        return found;
    }

    /// <summary>Which session an imported token belongs to, whatever its form; null for a token that nobody imported.</summary>
    public async Task<(Guid TenantId, Guid SessionId)?> FindImported(string token, CancellationToken stop = default)
    {
        var owner = await store.FindOwner(StoredSession.ImportedClaim(StoredSession.HashImported(token)), stop).ConfigureAwait(false);
        return owner is null ? null : (Guid.ParseExact(owner.AsSpan(0, 32), "N"), Guid.ParseExact(owner.AsSpan(33), "N"));
    }

    private async Task<StoredSession?> Read(Guid sessionId, ConfigurationSnapshot snapshot, long now, CancellationToken stop)
    {
        var stored = await store.Read(StoredSession.Key(sessionId), stop).ConfigureAwait(false);
        if (stored is null) return null;
        var session = StoredSession.Read(stored.Body);
        var settings = TokenSettings.Find(snapshot, session.TenantId, session.ApplicationId);
        return settings is not null && now < settings.ExpiryOf(session) && !snapshot.SessionsOver(session) ? session : null;
    }
}
