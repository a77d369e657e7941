using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Hosted;

/// <summary>
/// Cookies that tell a browser from others while a login is under way: an opaque random value for each purpose and tenant, which is
/// looked up in the store or compared with a hash whenever it counts.
/// </summary>
internal static class TicketCookies
{
    /// <summary>A login that waits behind a gate.</summary>
    public const string Intent = "login";

    /// <summary>A login without a password that this browser asked for.</summary>
    public const string Passwordless = "passwordless";

    /// <summary>Logins at identity providers that this browser began.</summary>
    public const string Upstream = "upstream";

    /// <summary>Somebody whom a provider proved and whom nobody is linked with yet.</summary>
    public const string PendingLink = "pending-link";

    private const int Longest = 255;

    public static string? Read(HttpContext http, string purpose, Guid tenantId) =>
        http.Request.Cookies[Name(http, purpose, tenantId)] is { Length: > 0 and <= Longest } value ? value : null;

    public static void Write(HttpContext http, string purpose, Guid tenantId, string value) => http.Response.Cookies.Append(Name(http, purpose, tenantId), value, Options(http));

    public static void Delete(HttpContext http, string purpose, Guid tenantId) => http.Response.Cookies.Delete(Name(http, purpose, tenantId), Options(http));

    /// <summary>What is stored of a value: whoever reads the store cannot play the browser.</summary>
    public static string? Hash(string? value) => value is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", IsEssential = true };

    private static string Name(HttpContext http, string purpose, Guid tenantId) => $"{(http.Request.IsHttps ? "__Host-" : "")}{purpose}-{tenantId:N}";
}
