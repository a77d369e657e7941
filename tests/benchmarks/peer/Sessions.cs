using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace OrleansAuth.Benchmarks.Peer;

/// <summary>How refresh tokens are made and taken.</summary>
internal interface ISessions
{
    /// <summary>The refresh token of a new login.</summary>
    Task<string> Start(PeerUser user);

    /// <summary>The user and the token that follows, or null when the token is not good.</summary>
    Task<(PeerUser User, string Next)?> Continue(string token);
}

/// <summary>Nothing is stored: the token is signed, and changing the security stamp ends it. It can be used again.</summary>
internal sealed class SignedSessions(Tokens tokens, UserManager<PeerUser> users) : ISessions
{
    public Task<string> Start(PeerUser user) => Task.FromResult(tokens.Refresh(user));

    public async Task<(PeerUser User, string Next)?> Continue(string token)
    {
        var result = await tokens.CheckRefresh(token);
        if (!result.IsValid) return null;

        var user = await users.FindByIdAsync((string)result.Claims["sub"]);
        if (user is null || user.SecurityStamp != (string)result.Claims["stamp"]) return null;
        return (user, tokens.Refresh(user));
    }
}

/// <summary>One row a session; a refresh replaces its token in one conditional update, so a token is good once.</summary>
internal sealed class DurableSessions(PeerDatabase database, UserManager<PeerUser> users) : ISessions
{
    public async Task<string> Start(PeerUser user)
    {
        var token = NewToken();
        database.Sessions.Add(new PeerSession { Id = Guid.CreateVersion7(), TokenHash = Hash(token), UserId = user.Id, Expires = Expiry() });
        await database.SaveChangesAsync();
        return token;
    }

    public async Task<(PeerUser User, string Next)?> Continue(string token)
    {
        var (old, next) = (Hash(token), NewToken());
        var (now, fresh, expiry) = (TimeProvider.System.GetUtcNow().UtcDateTime, Hash(next), Expiry());
        var userId = await database.Sessions.Where(session => session.TokenHash == old).Select(session => session.UserId).FirstOrDefaultAsync();
        var user = userId is null ? null : await users.FindByIdAsync(userId);
        if (user is null) return null;

        var taken = await database.Sessions
            .Where(session => session.TokenHash == old && session.Expires > now)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.TokenHash, fresh).SetProperty(session => session.Expires, expiry));
        return taken == 1 ? (user, next) : null;
    }

    private static string NewToken() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));

    private static DateTime Expiry() => TimeProvider.System.GetUtcNow().UtcDateTime + Tokens.RefreshTokenLifetime;
}
