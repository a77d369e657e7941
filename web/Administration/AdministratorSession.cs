using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mfa;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Users;

namespace OrleansAuth.Administration;

/// <summary>
/// An administrator's session in a browser. The cookie holds a random value and nothing else; the session behind it is in
/// the store, and is asked for again with every page, so that an end is an end everywhere at once.
/// </summary>
internal sealed class AdministratorSession(IGrainFactory grains, ConfigurationReader configuration, LoginLookup users, FactorChallenges challenges)
{
    private const string Cookie = "administrator";

    private Guid TenantId => configuration.Current.Find<Application>(WellKnown.AdministrationApplication)!.TenantId!.Value;

    /// <summary>Signs in, or begins to. Refused: the login or password is wrong, or the user is no administrator; nobody is told which.</summary>
    public async Task<AdministratorSignIn> Begin(HttpContext http, string loginId, string password)
    {
        var actor = http.ActorNamed(loginId);
        var user = await users.Find(TenantId, loginId, mayBePhone: false, http.RequestAborted);
        var result = await user.Login(new Login(loginId, [], password, new LoginWish(WellKnown.AdministrationApplication, actor)));
        return await Enter(http, result.Value, actor);
    }

    /// <summary>What a sign-in waits for, or null where it is over.</summary>
    public Task<OpenChallenge?> Waiting(string? twoFactorId) => challenges.Find(twoFactorId, TenantId);

    /// <summary>Goes on with a code. Wrong: the same sign-in may be tried with another one; refused: it is over.</summary>
    public async Task<AdministratorSignIn> Prove(HttpContext http, OpenChallenge open, string code)
    {
        var actor = http.ActorNamed(open.Stored.LoginId ?? "");
        var proved = await open.Owner.Prove(new ProveFactor(open.Id, code, actor) { ApplicationId = WellKnown.AdministrationApplication });
        if (proved.Value is not { } answer) return AdministratorSignIn.Refused;
        return answer.WasWrong ? new AdministratorSignIn(false, open.Id) : await Enter(http, answer.Login, actor);
    }

    private async Task<AdministratorSignIn> Enter(HttpContext http, LoginResult? login, Actor actor)
    {
        if (login is { Challenge: { } challenge, UserId: { } userId })
        {
            // Who is no administrator is not told that the password was right.
            var asked = await grains.User(TenantId, userId).Subject(new ReadSubject(WellKnown.AdministrationApplication, null));
            return asked.Value?.Roles.Contains("admin") == true ? new AdministratorSignIn(false, challenge.TwoFactorId) : AdministratorSignIn.Refused;
        }

        if (login is not { Status: LoginStatus.Ok, Session: { } session, Subject: { } subject }) return AdministratorSignIn.Refused;
        if (!subject.Roles.Contains("admin"))
        {
            // Nobody holds its token, so it ends here.
            await grains.Session(TenantId, session.SessionId).Revoke(new RevokeSession(actor));
            return AdministratorSignIn.Refused;
        }

        http.Response.Cookies.Append(Name(http), session.Token, Options(http));
        return new AdministratorSignIn(true, null);
    }

    /// <summary>Who is signed in, or null.</summary>
    public async Task<TokenSubject?> Current(HttpContext http)
    {
        if (Read(http) is not { } token || SessionOf(token) is not { } session) return null;
        var refreshed = await session.Refresh(new RefreshSession(token, http.ActorNamed("administration")));
        return refreshed.Value is { ApplicationId: { } application, Subject: { } subject }
            && application == WellKnown.AdministrationApplication && subject.Roles.Contains("admin") ? subject : null;
    }

    public async Task End(HttpContext http)
    {
        if (Read(http) is { } token && await Current(http) is not null)
            await SessionOf(token)!.Revoke(new RevokeSession(http.ActorNamed("administration")));
        http.Response.Cookies.Delete(Name(http), Options(http));
    }

    private ISessionGrain? SessionOf(string token) =>
        RefreshTokenValue.TryRead(token, out var value) && value.TenantId == TenantId ? grains.Session(value.TenantId, value.SessionId) : null;

    private static string? Read(HttpContext http) => http.Request.Cookies[Name(http)];

    /// <summary>The prefix makes browsers refuse the cookie from anywhere but this host over https.</summary>
    private static string Name(HttpContext http) => http.Request.IsHttps ? "__Host-" + Cookie : Cookie;

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/" };
}

/// <summary>How far a sign-in came.</summary>
/// <param name="IsIn">The cookie is set.</param>
/// <param name="TwoFactorId">What waits for a second factor; null where nothing does.</param>
internal sealed record AdministratorSignIn(bool IsIn, string? TwoFactorId)
{
    public static readonly AdministratorSignIn Refused = new(false, null);
}
