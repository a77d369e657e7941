using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.IdentityProviders;
using OrleansAuth.Tokens;

namespace OrleansAuth.IdentityProviders;

/// <summary>What this browser has pending: somebody whom a provider proved, and whom nobody here is linked with yet.</summary>
/// <param name="Id">What the browser holds.</param>
internal sealed record WaitingLink(string Id, PendingLink Link)
{
    /// <summary>
    /// Whether this session may take the link: its user signed in here since, by a proof of our own. A session from before, or
    /// one by another provider, is no word of the account's owner.
    /// </summary>
    public bool MayBeTakenBy(SignOnView session) => session.SignedIn >= Link.Since && session.AuthenticationType != AuthenticationTypes.OpenIdConnect;

    public override string ToString() => "pending link of this browser";
}

/// <summary>Pending links on our own pages.</summary>
internal sealed class PendingLinks(LinkQueries links, Clock clock)
{
    /// <summary>Where the person says what is to become of it.</summary>
    public const string Path = "/oauth2/start-idp-link";

    public static void Keep(HttpContext http, Guid tenantId, string id) => TicketCookies.Write(http, TicketCookies.PendingLink, tenantId, id);

    public static void Drop(HttpContext http, Guid tenantId) => TicketCookies.Delete(http, TicketCookies.PendingLink, tenantId);

    /// <summary>Null where this browser has none that is good.</summary>
    public async Task<WaitingLink?> Find(HttpContext http, Guid tenantId) =>
        TicketCookies.Read(http, TicketCookies.PendingLink, tenantId) is { } id && await links.FindPending(id, tenantId, clock.Now, http.RequestAborted) is { } found
            ? new WaitingLink(id, found)
            : null;

    /// <summary>Whether a link waits for the user of this session.</summary>
    public async Task<bool> WaitsFor(HttpContext http, SignOnView? session) =>
        session is not null && await Find(http, session.TenantId) is { } waiting && waiting.MayBeTakenBy(session);
}
