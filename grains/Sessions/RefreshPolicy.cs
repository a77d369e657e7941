using System.Security.Cryptography;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Tokens;

namespace OrleansAuth.Sessions;

/// <summary>What a presented value is to a session.</summary>
internal enum PresentedValue
{
    /// <summary>Not a value of this session: invented, damaged, or of somebody else.</summary>
    Foreign,

    /// <summary>The value that is good now.</summary>
    Current,

    /// <summary>The one before, still within the grace period.</summary>
    InGrace,

    /// <summary>A value that was exchanged before: somebody has a copy.</summary>
    Spent,
}

/// <summary>
/// The rules of refresh tokens, without storing: what a value is, and what the session is after a use.
/// <code>
///   first value --use--> next value --use--> ...      (one-time use)
///        |                  |
///        +-- again within the grace period: the next value once more, nothing changes
///        +-- again later: refused; by policy the session ends
/// </code>
/// </summary>
internal static class RefreshPolicy
{
    /// <summary>The last use is stored exact to this, so that a reusable token does not write with every use.</summary>
    private const long UseResolution = 60_000;

    /// <summary>The settings for this session. A client without a secret gets one-time tokens, and a second use ends the session (RFC 9700, section 4.14.2).</summary>
    public static JwtConfiguration InForce(StoredSession session, JwtConfiguration settings) => session.Grant is not { IsPublic: true } ? settings : settings with
    {
        RefreshTokenUsagePolicy = RefreshTokenUsagePolicy.OneTimeUse,
        RefreshTokenRevocationPolicy = settings.RefreshTokenRevocationPolicy with { OnOneTimeTokenReuse = true },
    };

    public static PresentedValue Recognise(StoredSession session, string token, JwtConfiguration settings, long now)
    {
        var own = RefreshTokenValue.TryRead(token, out var value) ? value : null;
        var imported = StoredSession.HashImported(token);
        if (own is not null && Same(own.Hash(), session.ValueHash)) return PresentedValue.Current;
        if (Same(imported, session.ImportedHash) && Same(imported, session.ValueHash)) return PresentedValue.Current;
        if (!IsGenuine(session, token)) return PresentedValue.Foreign;
        var grace = settings.RefreshTokenOneTimeUseConfiguration.GracePeriodInSeconds * 1000L;
        // By the distance, since the clock that notes a use may be ahead of the one that reads it, or be put back: without a grace there is none then either.
        return session.Rotation is { } last && Math.Abs(now - last.Instant) < grace && (Same(imported, last.PreviousHash) || (own is not null && Same(own.Hash(), last.PreviousHash)))
            ? PresentedValue.InGrace
            : PresentedValue.Spent;
    }

    /// <summary>Whether this session ever gave the value out.</summary>
    public static bool IsGenuine(StoredSession session, string token) =>
        Same(StoredSession.HashImported(token), session.ImportedHash)
        || (RefreshTokenValue.TryRead(token, out var value) && Same(value.FamilyHash(), session.FamilyHash));

    /// <summary>The session after a use of its current value, and the value to use from now on. The same instance where nothing is to be stored.</summary>
    public static (StoredSession Session, string Token) Use(StoredSession session, Guid sessionId, string token, JwtConfiguration settings, string? address, long now)
    {
        var next = session;
        if (settings.RefreshTokenExpirationPolicy != RefreshTokenExpirationPolicy.Fixed && now > session.StartInstant)
            next = next with { StartInstant = now };
        if (session.LastUsed is not { } last || now >= last + UseResolution || address != session.LastAddress)
            next = next with { LastUsed = now, LastAddress = address };
        return settings.RefreshTokenUsagePolicy == RefreshTokenUsagePolicy.OneTimeUse ? Rotate(next, sessionId, token, now) : (next, token);
    }

    /// <summary>The value that was given out for <paramref name="token"/>, once more.</summary>
    public static string Again(StoredSession session, Guid sessionId, string token) => Family(session, sessionId, token).Next(token, session.Rotation!.Seed).Reveal();

    private static (StoredSession Session, string Token) Rotate(StoredSession session, Guid sessionId, string token, long now)
    {
        var seed = RandomNumberGenerator.GetBytes(32);
        var value = Family(session, sessionId, token).Next(token, seed);
        return (session with
        {
            ValueHash = value.Hash(),
            FamilyHash = value.FamilyHash(),
            Rotation = new StoredRotation(session.ValueHash, seed, now),
        }, value.Reveal());
    }

    /// <summary>The presented value; for an imported one, a value whose family follows from the text and the server's ids.</summary>
    private static RefreshTokenValue Family(StoredSession session, Guid sessionId, string token) =>
        RefreshTokenValue.TryRead(token, out var value) && value.SessionId == sessionId && value.TenantId == session.TenantId
            ? value
            : RefreshTokenValue.FromImported(session.TenantId, sessionId, token);

    private static bool Same(byte[] hash, byte[]? stored) => stored is not null && CryptographicOperations.FixedTimeEquals(hash, stored);
}
