using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Passwordless;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Users;

namespace OrleansAuth.Hosted;

/// <summary>
/// Logins that a gate stopped, on our own pages: the browser that proved the first factor holds a random value, and what it
/// stands for is in the store. It opens nothing by itself: going on asks every gate again.
/// </summary>
internal sealed class LoginIntents(IGrainFactory grains, Clock clock)
{
    /// <summary>Longer requests are not kept: the page of the gate has them in its address anyway.</summary>
    private const int LongestQuery = 16_384;

    /// <summary>Keeps a login that a gate stopped.</summary>
    /// <param name="userId">Who stands in for a name that is taken, where nobody must learn that.</param>
    public async Task Keep(HttpContext http, LoginVisit visit, Guid userId, LoginResult login, bool remember)
    {
        var tenant = visit.Request.Client.Tenant;
        var text = IdentifierText.New();
        var content = new StoredLoginIntent
        {
            UserId = userId,
            ApplicationId = visit.Request.Client.Application.Id,
            AuthenticationType = login.AuthenticationType,
            Factor = login.Factor,
            Remember = remember,
            Query = visit.Query.Length > LongestQuery ? null : visit.Query,
        };
        var expires = clock.Now + (tenant.ExternalIdentifierConfiguration.LoginIntentTimeToLiveInSeconds * 1000L);
        await grains.Identifier(IdentifierKinds.LoginIntent, text).Issue(new IssueIdentifier(tenant.Id, expires, JsonText.From(content)));
        TicketCookies.Write(http, TicketCookies.Intent, tenant.Id, text);
    }

    /// <summary>The login of this browser that waits; null where there is none.</summary>
    public async Task<LoginIntent?> Find(HttpContext http, Guid tenantId) =>
        TicketCookies.Read(http, TicketCookies.Intent, tenantId) is { } text && await grains.Identifier(IdentifierKinds.LoginIntent, text).Read(tenantId) is { } found
            ? new LoginIntent(text, StoredLoginIntent.Read(found.Content), found.IssuedAt)
            : null;

    /// <summary>Tries to go on: every gate is asked again.</summary>
    public Task<Outcome<LoginResult>> GoOn(LoginIntent intent, Guid tenantId, LoginWish wish) =>
        grains.UserPasswordless(tenantId, intent.Stored.UserId).LogInAfterGate(new LogInAfterGate(intent.Proved, intent.Stored.AuthenticationType, wish) { Factor = intent.Stored.Factor });

    /// <summary>The login went on, or never will.</summary>
    public async Task End(HttpContext http, LoginIntent intent, Guid tenantId)
    {
        await grains.Identifier(IdentifierKinds.LoginIntent, intent.Text).Spend(new SpendIdentifier(tenantId));
        TicketCookies.Delete(http, TicketCookies.Intent, tenantId);
    }
}

/// <param name="Proved">When the first factor was proved, milliseconds since 1970.</param>
internal sealed record LoginIntent(string Text, StoredLoginIntent Stored, long Proved)
{
    public override string ToString() => "login intent";
}
