using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Memory;

namespace Sample;

/// <summary>
/// Who is signed in here. Tokens stay on the server; the browser holds a random id that no script can read. They are in memory,
/// so a restart signs everybody out: put them where your application keeps its other sessions.
/// </summary>
public sealed class Sessions(IMemoryCache cache, IDataProtectionProvider protection)
{
    private const string SessionCookie = "sample-session";
    private const string PendingCookie = "sample-sign-in";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);
    private static readonly TimeSpan SignInTime = TimeSpan.FromMinutes(15);
    private readonly ITimeLimitedDataProtector _pending = protection.CreateProtector(PendingCookie).ToTimeLimitedDataProtector();

    /// <summary>Remembers a sign-in in the browser that begins it, encrypted and only for a while.</summary>
    public void Remember(HttpContext http, PendingSignIn pending) =>
        http.Response.Cookies.Append(PendingCookie, _pending.Protect(JsonSerializer.Serialize(pending), SignInTime), Options(http));

    /// <summary>What this browser began, once: it is forgotten, whatever comes of it.</summary>
    public PendingSignIn? TakePending(HttpContext http)
    {
        if (http.Request.Cookies[PendingCookie] is not { } value) return null;
        http.Response.Cookies.Delete(PendingCookie, Options(http));
        try
        {
            return JsonSerializer.Deserialize<PendingSignIn>(_pending.Unprotect(value));
        }
        catch (CryptographicException)
        {
            return null; // expired, or not of our making
        }
    }

    /// <summary>Signs the browser in, under a new id each time, so that an id somebody planted before is worth nothing.</summary>
    public void Start(HttpContext http, Tokens tokens)
    {
        End(http);
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        cache.Set(id, new Session(tokens), Lifetime);
        http.Response.Cookies.Append(SessionCookie, id, Options(http));
    }

    /// <summary>The browser's session, or null.</summary>
    public Session? Find(HttpContext http) =>
        http.Request.Cookies[SessionCookie] is { } id && cache.TryGetValue<Session>(id, out var session) ? session : null;

    /// <summary>Signs the browser out of this application.</summary>
    public void End(HttpContext http)
    {
        if (http.Request.Cookies[SessionCookie] is { } id) cache.Remove(id);
        http.Response.Cookies.Delete(SessionCookie, Options(http));
    }

    /// <summary>Lax, because the browser comes back from the server by a link from another site. Outside of a development machine everything is https.</summary>
    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, IsEssential = true };
}

/// <summary>One signed-in browser.</summary>
public sealed class Session(Tokens tokens)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private readonly Lock _gate = new();
    private Task<Tokens>? _refresh;

    public Tokens Tokens { get; private set; } = tokens;

    /// <summary>How often tokens were refreshed; for the page.</summary>
    public int Refreshes { get; private set; }

    /// <summary>Tokens that are good now: refreshed on demand, when the access token has ended or is about to.</summary>
    public Task<Tokens> Current(OpenIdClient client, TimeProvider time) =>
        Tokens.Expires - Margin > time.GetUtcNow() ? Task.FromResult(Tokens) : Renew(client);

    /// <summary>
    /// New tokens. A refresh token is good once, and a second use looks to the server like a thief's and ends the session: so
    /// whoever comes while a refresh is on its way waits for that one.
    /// </summary>
    public Task<Tokens> Renew(OpenIdClient client)
    {
        lock (_gate) return _refresh is { IsCompleted: false } running ? running : _refresh = Take(client);
    }

    private async Task<Tokens> Take(OpenIdClient client)
    {
        Tokens = await client.Refresh(Tokens);
        Refreshes++;
        return Tokens;
    }
}
