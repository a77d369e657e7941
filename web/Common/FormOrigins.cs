using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrleansAuth.Common;

/// <summary>
/// Refuses forms that another site posts to our pages, by what browsers say about where a request comes from; the form token
/// is checked besides. Pages that the protocols let others post to are marked, and tell a login from a request themselves.
/// </summary>
internal sealed class FormOrigins(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (HttpMethods.IsPost(http.Request.Method) && endpoint?.Metadata.GetMetadata<PageActionDescriptor>() is not null
            && endpoint.Metadata.GetMetadata<OpenToOtherSitesAttribute>() is null && !IsOurs(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await next(http);
    }

    /// <summary>
    /// Whether the browser says that a page of ours sent this. Without a word from the browser the form token decides alone:
    /// our pages tell nobody where they are, so older browsers send <c>Origin: null</c> from them too.
    /// </summary>
    public static bool IsOurs(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].FirstOrDefault() is { Length: > 0 } site) return site is "same-origin" or "none";
        var origin = request.Headers.Origin.ToString();
        if (origin is "" or "null") return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Other sites may post to this page; it tells by itself what came from its own form.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenToOtherSitesAttribute : Attribute;
