namespace OrleansAuth.Mfa;

/// <summary>The contract's cookie of a trusted device: a random value that the store knows by its hash.</summary>
internal static class TrustCookie
{
    private const string Name = "fusionauth.trust";

    public static string? Read(HttpContext http) => http.Request.Cookies[Name] is { Length: > 0 and <= FactorChallenges.LongestId } value ? value : null;

    /// <summary>Keeps what a proof gave out, where it did.</summary>
    public static void Write(HttpContext http, FactorProved proved)
    {
        if (proved.TrustId is not { } trust) return;
        http.Response.Cookies.Append(Name, trust, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
            Path = "/",
            MaxAge = TimeSpan.FromSeconds(proved.TrustLifetime),
            IsEssential = true,
        });
    }
}
