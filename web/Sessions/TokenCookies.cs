using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.Sessions;

/// <summary>
/// The two cookies of the contract, for browsers that talk to the API themselves. Out of reach of scripts; not sent with
/// requests that another site makes, apart from following a link.
/// </summary>
internal static class TokenCookies
{
    private const string Access = "access_token";
    private const string Refresh = "refresh_token";

    public static string? RefreshToken(HttpContext http) => http.Request.Cookies[Refresh] is { Length: > 0 } token ? token : null;

    /// <summary>The access token until the browser closes; the refresh token for as long as it can live.</summary>
    public static void Set(HttpContext http, ConfigurationSnapshot snapshot, Guid tenantId, Guid? applicationId, string accessToken, string? refreshToken)
    {
        http.Response.Cookies.Append(Access, accessToken, Options(http));
        if (refreshToken is null || TokenSettings.Find(snapshot, tenantId, applicationId) is not { } settings) return;
        var options = Options(http);
        options.MaxAge = TimeSpan.FromMinutes(settings.Jwt.RefreshTokenTimeToLiveInMinutes);
        http.Response.Cookies.Append(Refresh, refreshToken, options);
    }

    public static void Clear(HttpContext http)
    {
        http.Response.Cookies.Delete(Access, Options(http));
        http.Response.Cookies.Delete(Refresh, Options(http));
    }

    private static CookieOptions Options(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/" };
}
