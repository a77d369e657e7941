using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.WebAuthn;
using OrleansAuth.Tenants;

namespace OrleansAuth.WebAuthn;

/// <summary>Passkeys on the pages of a login: what is on, the options for the script, and what comes back.</summary>
internal sealed class HostedPasskeys(LoginPages pages, PasskeyCeremonies ceremonies, PasskeyQueries passkeys, UserQueries users, RelyingParties parties, IGrainFactory grains, Clock clock)
{
    /// <summary>Whoever adds a passkey has signed in no longer ago (ASVS 7.5.1). In milliseconds.</summary>
    private const long Freshness = 600_000;

    private const int LongestAnswer = 256 * 1024;

    /// <summary>The workflow in which somebody signs in on our pages; null where none is on.</summary>
    /// <param name="known">The browser says who it was.</param>
    public PasskeyWorkflow? Workflow(Tenant tenant, Application application, bool known)
    {
        if (parties.OfOwnPages(tenant) is null) return null;
        if (known && PasskeyPolicy.Of(tenant, application, PasskeyWorkflow.Reauthentication) is not null) return PasskeyWorkflow.Reauthentication;
        return PasskeyPolicy.Of(tenant, application, PasskeyWorkflow.Bootstrap) is not null ? PasskeyWorkflow.Bootstrap : null;
    }

    /// <summary>Whether the user has a passkey for our pages.</summary>
    public async Task<bool> Has(Tenant tenant, Guid userId, CancellationToken stop) =>
        parties.OfOwnPages(tenant) is { } party && await passkeys.Of(userId, stop) is { } held && held.Passkeys.Any(p => p.RelyingPartyId == party.Id);

    /// <summary>Whether a user who has just signed in with a password is asked whether to make a passkey.</summary>
    public async Task<bool> Offers(HttpContext http, LoginVisit visit, Guid userId)
    {
        var (tenant, application) = (visit.Request.Client.Tenant, visit.Request.Client.Application);
        if (PasskeyPolicy.Of(tenant, application, PasskeyWorkflow.Reauthentication) is null || parties.OfOwnPages(tenant) is null || PasskeyOffer.WasDeclined(http, tenant.Id)) return false;
        return !await Has(tenant, userId, http.RequestAborted);
    }

    /// <summary>The user who may add a passkey on this visit; null where nobody has signed in lately.</summary>
    public SignOnView? Holder(LoginVisit visit) =>
        visit.Sessions is [{ } session, ..] && clock.Now - session.SignedIn <= Freshness && PasskeyPolicy.Of(visit.Request.Client.Tenant, visit.Request.Client.Application, PasskeyWorkflow.General) is not null
        && parties.OfOwnPages(visit.Request.Client.Tenant) is not null
            ? session
            : null;

    /// <summary>Signs in by what the script posted. Not found where it was not accepted.</summary>
    public async Task<Outcome<LoginResult>> LogIn(HttpContext http, LoginVisit visit, string answer, bool remember)
    {
        if (Parse(answer) is not { } credential) return Refusal.NotFound;
        var tenant = visit.Request.Client.Tenant;
        var read = await ceremonies.FinishUse(credential, null, tenant.Id, PasskeyPart.BrowserOf(http) ?? "", http.RequestAborted);
        if (read.Value is not { } use || use.Challenge.ApplicationId != visit.Request.Client.Application.Id) return Refusal.NotFound;
        return await grains.UserPasskeys(tenant.Id, use.UserId).LogIn(new LogInWithPasskey(use.Command, LoginPages.Wish(http, visit, remember)));
    }

    /// <summary>Keeps the passkey that the script posted.</summary>
    public async Task<Outcome<PasskeyView>> Add(HttpContext http, LoginVisit visit, SignOnView holder, string answer) => Parse(answer) is { } credential
        ? await ceremonies.FinishCreation(credential, holder.UserId, null, visit.Request.Client.Tenant.Id, PasskeyPart.BrowserOf(http) ?? "", BrowserSessions.Actor(http))
        : PasskeyCeremonies.Unaccepted;

    /// <summary>Options to sign in with, for the script of a page.</summary>
    public async Task<IResult> StartUse(HttpContext http)
    {
        var (visit, body, refused) = await Open(http);
        if (visit is null) return refused!;
        var (tenant, application) = (visit.Request.Client.Tenant, visit.Request.Client.Application);
        var known = await pages.Next(http, visit) is AuthorizationStep.SignIn { Known: { } name } ? visit.Sessions.FirstOrDefault(s => s.LoginName == name) : null;
        var login = body!["loginId"] is JsonValue value && value.TryGetValue<string>(out var typed) && typed.Trim().Length > 0 ? typed.Trim() : null;
        // Who it was counts where nobody else was typed.
        if (known is not null && login is not null && !string.Equals(known.LoginName, login, StringComparison.OrdinalIgnoreCase)) known = null;
        if (Workflow(tenant, application, known is not null) is not { } workflow) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var wish = new PasskeyWish(tenant, application, workflow)
        {
            UserId = known?.UserId,
            LoginId = known is null ? login : null,
            LoginIdTypes = ["email", "username", "phoneNumber"],
            Browser = PasskeyPart.BrowserOf(http) ?? "",
        };
        return (await ceremonies.StartUse(wish, http.RequestAborted)).Answer(o => ContractResults.Wrapped("options", o));
    }

    /// <summary>Options to add a passkey with, for the script of a page.</summary>
    public async Task<IResult> StartCreation(HttpContext http)
    {
        var (visit, _, refused) = await Open(http);
        if (visit is null) return refused!;
        if (Holder(visit) is not { } holder || await users.Find(holder.UserId, http.RequestAborted) is not { User: var user } || user.TenantId != visit.Request.Client.Tenant.Id)
            return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var agent = http.Request.Headers.UserAgent.ToString();
        var wish = new PasskeyCreation(PasskeyWorkflow.General, visit.Request.Client.Application, DeviceName.Of(agent), null, agent, PasskeyPart.BrowserOf(http) ?? "");
        return (await ceremonies.StartCreation(user, wish, http.RequestAborted)).Answer(o => ContractResults.Wrapped("options", o));
    }

    private async Task<(LoginVisit? Visit, JsonObject? Body, IResult? Refused)> Open(HttpContext http)
    {
        if (!await pages.IsOwnForm(http)) return (null, null, ErrorResponses.Empty(StatusCodes.Status403Forbidden));
        var body = await RequestBody.ReadObject(http);
        if (body.Value is null) return (null, null, ErrorResponses.From(body.Refusal!));
        var (visit, _) = await pages.Open(http);
        return visit is null ? (null, null, ErrorResponses.Empty(StatusCodes.Status400BadRequest)) : (visit, body.Value, null);
    }

    private static JsonObject? Parse(string answer)
    {
        try
        {
            return answer.Length is > 0 and <= LongestAnswer && JsonNode.Parse(answer, documentOptions: Strict) is JsonObject credential ? credential : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
}

/// <summary>What the script asks for. Guarded as the forms of the pages are: by where the browser says it is, and by the token of the form.</summary>
internal static class HostedPasskeyEndpoints
{
    public static void MapHostedPasskeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/oauth2/webauthn/start", (HttpContext http, HostedPasskeys passkeys) => passkeys.StartUse(http)).Allow(ApiAccess.Anyone);
        routes.MapPost("/oauth2/webauthn-add/start", (HttpContext http, HostedPasskeys passkeys) => passkeys.StartCreation(http)).Allow(ApiAccess.Anyone);
    }
}

/// <summary>Remembers in the browser that a passkey was offered and not wanted.</summary>
internal static class PasskeyOffer
{
    public static bool WasDeclined(HttpContext http, Guid tenantId) => http.Request.Cookies.ContainsKey(Name(tenantId));

    /// <summary>Asks again in a month.</summary>
    public static void Decline(HttpContext http, Guid tenantId) => http.Response.Cookies.Append(
        Name(tenantId), "no", new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/oauth2", MaxAge = TimeSpan.FromDays(30), IsEssential = true });

    private static string Name(Guid tenantId) => $"passkey-offer-{tenantId:N}";
}

/// <summary>What people would call the device that a browser runs on, by the browser's name for itself.</summary>
internal static class DeviceName
{
    private static readonly (string Mark, string Name)[] Browsers = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")];
    private static readonly (string Mark, string Name)[] Systems = [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static string Of(string userAgent)
    {
        var browser = Browsers.FirstOrDefault(b => userAgent.Contains(b.Mark, StringComparison.Ordinal)).Name;
        var system = Systems.FirstOrDefault(s => userAgent.Contains(s.Mark, StringComparison.Ordinal)).Name;
        return (browser, system) switch
        {
            (null, null) => "Passkey",
            (null, _) => system,
            (_, null) => browser,
            _ => $"{browser}, {system}",
        };
    }
}
