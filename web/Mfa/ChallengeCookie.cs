using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>
/// What a browser holds of a login that waits for its second factor: its id, which says nothing and is looked up whenever it
/// counts, and how the person wants to go on. It stands in no address, so it is in no history and no log.
/// </summary>
/// <param name="Id">The contract's <c>twoFactorId</c>.</param>
/// <param name="Choice">The id of a method, or what stands for one; empty for none.</param>
/// <param name="Sent">A code was sent for it.</param>
internal sealed record ChallengeCookie(string Id, string Choice, bool Sent)
{
    public static ChallengeCookie? Read(HttpContext http, Guid tenantId) =>
        http.Request.Cookies[Name(http, tenantId)]?.Split('.', 3) is [{ Length: > 0 and <= FactorChallenges.LongestId } id, { Length: <= 64 } choice, var sent]
            ? new ChallengeCookie(id, choice, sent == "1")
            : null;

    public void Write(HttpContext http, Tenant tenant)
    {
        var options = Options(http);
        options.MaxAge = TimeSpan.FromSeconds(tenant.ExternalIdentifierConfiguration.TwoFactorIdTimeToLiveInSeconds);
        http.Response.Cookies.Append(Name(http, tenant.Id), $"{Id}.{Choice}.{(Sent ? 1 : 0)}", options);
    }

    public static void Clear(HttpContext http, Guid tenantId) => http.Response.Cookies.Delete(Name(http, tenantId), Options(http));

    /// <summary>The prefix makes browsers refuse the cookie from anywhere but this host over https (RFC 6265bis, section 4.1.3).</summary>
    private static string Name(HttpContext http, Guid tenantId) => $"{(http.Request.IsHttps ? "__Host-" : "")}two-factor-{tenantId:N}";

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", IsEssential = true };
}
