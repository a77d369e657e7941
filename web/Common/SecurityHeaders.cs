using Microsoft.Net.Http.Headers;

namespace OrleansAuth.Common;

/// <summary>
/// Headers of every answer: pages load nothing but their own stylesheet, run no script, cannot be framed; nothing personal
/// is kept by caches.
/// </summary>
internal static class SecurityHeaders
{
    private const string Pictures = "img-src 'self' data:";
    private const string Policy = $"default-src 'none'; style-src 'self'; {Pictures}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

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

    /// <summary>Lets the page of this answer show pictures of other origins.</summary>
    /// <param name="origins">Such as <c>https://example.com</c>, from a parsed address and never as somebody wrote them.</param>
    public static void AllowPictures(HttpResponse response, IEnumerable<string> origins)
    {
        var more = string.Join(' ', origins);
        if (more.Length > 0) response.Headers[HeaderNames.ContentSecurityPolicy] = response.Headers[HeaderNames.ContentSecurityPolicy].ToString().Replace(Pictures, $"{Pictures} {more}", StringComparison.Ordinal);
    }
}
