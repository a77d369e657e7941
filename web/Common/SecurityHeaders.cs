using Microsoft.Net.Http.Headers;

namespace OrleansAuth.Common;

/// <summary>
/// Headers of every answer: pages load nothing but their own stylesheet, run no script, cannot be framed; nothing personal
/// is kept by caches.
/// </summary>
internal static class SecurityHeaders
{
    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers[HeaderNames.ContentSecurityPolicy] = Policy;
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers[HeaderNames.CacheControl] = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (http.Request.IsHttps) headers[HeaderNames.StrictTransportSecurity] = "max-age=31536000";
        return next(http);
    });
}
