using System.Text.Json.Nodes;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.Storage.Sessions;

/// <summary>A session as lists show it: a refresh token, or a single sign-on session, which has no application.</summary>
/// <param name="Kind">One of <see cref="SessionKinds"/>.</param>
/// <param name="Shown">The contract's refresh token.</param>
public sealed record ListedSession(Guid Id, string Kind, Guid TenantId, Guid UserId, JsonObject Shown);

/// <summary>
/// Finds and lists sessions without waking their grains. Shows what is alive: not revoked, not expired by the settings of
/// now, of an application that is active.
/// </summary>
public sealed class SessionReader(IStoreReader store)
{
    /// <summary>One session, or null.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public async Task<ListedSession?> Find(Guid sessionId, ConfigurationSnapshot snapshot, long now, CancellationToken stop = default)
    {
        var rows = await store.Query("select id, session_kind from refresh_token where id = @id", Row, stop, ("id", sessionId)).ConfigureAwait(false);
        return rows.Count == 0 ? null : await Read(rows[0], snapshot, now, stop).ConfigureAwait(false);
    }

    /// <summary>The sessions of a user, newest first.</summary>
    public async Task<IReadOnlyList<ListedSession>> OfUser(Guid userId, ConfigurationSnapshot snapshot, long now, CancellationToken stop = default)
    {
        var rows = await store.Query(
            "select id, session_kind from refresh_token where user_id = @user order by insert_instant desc, id desc", Row, stop, ("user", userId)).ConfigureAwait(false);
        var found = new List<ListedSession>(rows.Count);
        foreach (var row in rows)
            if (await Read(row, snapshot, now, stop).ConfigureAwait(false) is { } session) found.Add(session);
        return found;
    }

    /// <summary>Which session an imported token belongs to, whatever its form; null for a token that nobody imported.</summary>
    public async Task<(Guid TenantId, Guid SessionId)?> FindImported(string token, CancellationToken stop = default)
    {
        var owner = await store.FindOwner(StoredSession.ImportedClaim(StoredSession.HashImported(token)), stop).ConfigureAwait(false);
        return owner is null ? null : (Guid.ParseExact(owner.AsSpan(0, 32), "N"), Guid.ParseExact(owner.AsSpan(33), "N"));
    }

    private static (Guid Id, string Kind) Row(IRow row) => (row.Guid("id"), row.Text("session_kind"));

    private async Task<ListedSession?> Read((Guid Id, string Kind) row, ConfigurationSnapshot snapshot, long now, CancellationToken stop)
    {
        var stored = await store.Read(SessionKinds.Key(row.Kind, row.Id), stop).ConfigureAwait(false);
        if (stored is null) return null;
        if (row.Kind == SessionKinds.SingleSignOn)
        {
            var signOn = StoredSignOn.Read(stored.Body);
            return TokenSettings.Find(snapshot, signOn.TenantId, null) is { } own && now < own.ExpiryOf(signOn)
                ? new ListedSession(row.Id, row.Kind, signOn.TenantId, signOn.UserId, SessionDisplay.Show(row.Id, signOn))
                : null;
        }

        var session = StoredSession.Read(stored.Body);
        var settings = TokenSettings.Find(snapshot, session.TenantId, session.ApplicationId);
        return settings is not null && now < settings.ExpiryOf(session) && !snapshot.SessionsOver(session)
            ? new ListedSession(row.Id, row.Kind, session.TenantId, session.UserId, SessionDisplay.Show(row.Id, session))
            : null;
    }
}
