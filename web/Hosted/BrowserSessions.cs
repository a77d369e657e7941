using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Tenants;

namespace OrleansAuth.Hosted;

/// <summary>The single sign-on sessions of this browser in one tenant: found, opened and ended here.</summary>
internal sealed class BrowserSessions(IGrainFactory grains)
{
    /// <summary>Those that are good now, the last one used first.</summary>
    public async Task<IReadOnlyList<SignOnView>> Alive(HttpContext http, Guid tenantId)
    {
        var alive = new List<SignOnView>();
        foreach (var value in SignOnCookies.Read(http, tenantId))
        {
            var used = await grains.SignOn(tenantId, value.SessionId).Use(new UseSignOn(value.Reveal(), Address(http)));
            if (used.Value is { } session) alive.Add(session);
        }

        return alive;
    }

    /// <summary>A session that was opened just now.</summary>
    public async Task<SignOnView?> Find(HttpContext http, Guid tenantId, OpenedSession opened) =>
        (await grains.SignOn(tenantId, opened.SessionId).Use(new UseSignOn(opened.Token, Address(http)))).Value;

    /// <summary>
    /// Takes up a session that was opened just now. Whatever session of the same user the browser had is over: a login gets
    /// a new id (ASVS 7.2.4), so one that somebody planted before is worth nothing. The new one only remembers whom to tell.
    /// </summary>
    public async Task Take(HttpContext http, Tenant tenant, OpenedSession opened, Guid userId, bool remember)
    {
        var (keep, remembered) = (new List<string> { opened.Token }, remember);
        foreach (var value in SignOnCookies.Read(http, tenant.Id))
        {
            var grain = grains.SignOn(tenant.Id, value.SessionId);
            if ((await grain.Use(new UseSignOn(value.Reveal(), Address(http)))).Value is not { } session) continue;
            if (session.UserId == userId)
            {
                var before = await grain.End(new EndSignOn(value.Reveal(), null, Actor(http)));
                if (before.Value is { } ended) await grains.SignOn(tenant.Id, opened.SessionId).Succeed(new SucceedSignOn(ended));
                continue;
            }

            keep.Add(value.Reveal());
            remembered |= session.Remembered;
        }

        SignOnCookies.Write(http, tenant, keep, remembered);
    }

    /// <summary>Moves a session to the front: its account is the one that the browser uses now.</summary>
    public static void Prefer(HttpContext http, Tenant tenant, SignOnView chosen, bool remembered)
    {
        var values = SignOnCookies.Read(http, tenant.Id);
        SignOnCookies.Write(http, tenant, values.OrderBy(v => v.SessionId == chosen.SessionId ? 0 : 1).Select(v => v.Reveal()), remembered);
    }

    /// <summary>Ends sessions of this browser, and answers what they were. Their applications are told on the back channel.</summary>
    /// <param name="which">Ids; others than this browser's end nothing.</param>
    /// <param name="issuer">In whose name applications are told; null tells nobody.</param>
    public async Task<IReadOnlyList<SignOnView>> End(HttpContext http, Tenant tenant, IReadOnlyCollection<Guid> which, string? issuer)
    {
        var (ended, keep) = (new List<SignOnView>(), new List<string>());
        foreach (var value in SignOnCookies.Read(http, tenant.Id))
        {
            if (!which.Contains(value.SessionId))
            {
                keep.Add(value.Reveal());
                continue;
            }

            var outcome = await grains.SignOn(tenant.Id, value.SessionId).End(new EndSignOn(value.Reveal(), null, Actor(http)) { Issuer = issuer });
            if (outcome.Value is { } session) ended.Add(session);
        }

        SignOnCookies.Write(http, tenant, keep, remembered: true);
        return ended;
    }

    public static Actor Actor(HttpContext http) => http.ActorNamed("hosted pages");

    private static string? Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();
}
