namespace OrleansAuth.Storage.Sessions;

/// <summary>What rows of <see cref="Tables.RefreshToken"/> are: both kinds are listed and revoked together.</summary>
public static class SessionKinds
{
    /// <summary>A refresh token, kept as <see cref="StoredSession"/>.</summary>
    public const string Refresh = "refresh";

    /// <summary>A single sign-on session of a browser, kept as <see cref="StoredSignOn"/>.</summary>
    public const string SingleSignOn = "sso";

    /// <summary>The state row behind a row of the kind.</summary>
    public static StateKey Key(string kind, Guid id) => kind == SingleSignOn ? StoredSignOn.Key(id) : StoredSession.Key(id);
}
