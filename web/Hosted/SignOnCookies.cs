using OrleansAuth.Sessions;
using OrleansAuth.Tenants;

namespace OrleansAuth.Hosted;

/// <summary>
/// The cookie of single sign-on: opaque values of sessions, the last one used first, one cookie for each tenant. It says
/// nothing and gives nothing by itself; each value is looked up in the store whenever it counts.
/// </summary>
internal static class SignOnCookies
{
    /// <summary>So many accounts of one tenant are kept apart in one browser; the one used longest ago leaves.</summary>
    public const int MostAccounts = 5;

    /// <summary>The values that the browser holds for the tenant. Whether they are good is not known yet.</summary>
    public static IReadOnlyList<RefreshTokenValue> Read(HttpContext http, Guid tenantId)
    {
        var values = new List<RefreshTokenValue>();
        foreach (var text in (http.Request.Cookies[Name(http, tenantId)] ?? "").Split('.', MostAccounts + 1, StringSplitOptions.RemoveEmptyEntries).Take(MostAccounts))
            if (RefreshTokenValue.TryRead(text, out var value) && value.TenantId == tenantId && values.All(v => v.SessionId != value.SessionId)) values.Add(value);
        return values;
    }

    /// <summary>Writes what the browser is to hold from now on; nothing at all takes the cookie away.</summary>
    /// <param name="remembered">Some of the sessions outlive the browser; the cookie then stays as long as those can.</param>
    public static void Write(HttpContext http, Tenant tenant, IEnumerable<string> values, bool remembered)
    {
        var text = string.Join('.', values.Take(MostAccounts));
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", IsEssential = true };
        if (text.Length == 0)
        {
            http.Response.Cookies.Delete(Name(http, tenant.Id), options);
            return;
        }

        if (remembered) options.MaxAge = TimeSpan.FromMinutes(tenant.JwtConfiguration.RefreshTokenTimeToLiveInMinutes);
        http.Response.Cookies.Append(Name(http, tenant.Id), text, options);
    }

    /// <summary>The prefix makes browsers refuse the cookie from anywhere but this host over https (RFC 6265bis, section 4.1.3).</summary>
    private static string Name(HttpContext http, Guid tenantId) => $"{(http.Request.IsHttps ? "__Host-" : "")}sso-{tenantId:N}";
}
