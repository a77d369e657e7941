using Microsoft.Net.Http.Headers;

namespace OrleansAuth.Common;

/// <summary>
/// Headers of every answer: pages load nothing but their own stylesheet, run no script, cannot be framed, unless a page
/// asks for more (<see cref="ContentPolicy"/>); nothing personal is kept by caches.
/// </summary>
internal static class SecurityHeaders
{
    private static readonly string Strictest = new ContentPolicy().ToString();

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers[HeaderNames.ContentSecurityPolicy] = Strictest;
        http.Response.OnStarting(static state =>
        {
            // Only now it is known what the page needs.
            var context = (HttpContext)state;
            if (context.Items.ContainsKey(typeof(ContentPolicy))) context.Response.Headers[HeaderNames.ContentSecurityPolicy] = ContentPolicy.Of(context).ToString();
            return Task.CompletedTask;
        }, http);
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers[HeaderNames.CacheControl] = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (http.Request.IsHttps) headers[HeaderNames.StrictTransportSecurity] = "max-age=31536000";
        return next(http);
    });
}
