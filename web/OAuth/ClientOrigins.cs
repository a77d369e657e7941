using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;
using OrleansAuth.Applications;
using OrleansAuth.Storage.Configuration;

namespace OrleansAuth.OAuth;

/// <summary>
/// Lets applications that run in a browser call the protocol's endpoints from the origins that they registered
/// (<c>oauthConfiguration.authorizedOriginURLs</c>), by the rules of CORS. Cookies are never sent along: these endpoints know
/// clients and tokens, and no browser. What everybody may read, such as the keys, everybody's pages may read too.
/// </summary>
internal sealed class ClientOrigins(RequestDelegate next, ConfigurationReader configuration)
{
    private static readonly PathString WellKnown = "/.well-known";

    private static readonly FrozenSet<string> ForClients = new[]
    {
        "/oauth2/token", "/oauth2/userinfo", "/oauth2/revoke", "/oauth2/device_authorize", "/oauth2/par",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext http)
    {
        var (request, headers) = (http.Request, http.Response.Headers);
        if (IsForEverybody(request.Path)) headers.AccessControlAllowOrigin = "*";
        else if (!ForClients.Contains(request.Path.Value ?? "")) return next(http);
        else
        {
            headers.Vary = HeaderNames.Origin;
            if (request.Headers.Origin.ToString() is not { Length: > 0 } origin || !configuration.Current.Derive(Registered).Contains(origin)) return next(http);
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = HeaderNames.WWWAuthenticate;
        }

        if (!HttpMethods.IsOptions(request.Method) || !request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod)) return next(http);
        headers.AccessControlAllowMethods = "GET, POST";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, DPoP";
        headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>The documents of the server and of each tenant.</summary>
    private static bool IsForEverybody(PathString path) =>
        path.StartsWithSegments(WellKnown) || (path.Value is { Length: > 37 } text && Guid.TryParse(text.AsSpan(1, 36), out _) && new PathString(text[37..]).StartsWithSegments(WellKnown));

    private static FrozenSet<string> Registered(ConfigurationSnapshot snapshot) => snapshot.All<Application>().Where(application => application.Active)
        .SelectMany(application => application.OauthConfiguration.AuthorizedOriginURLs)
        .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address.GetLeftPart(UriPartial.Authority) : null)
        .OfType<string>().ToFrozenSet(StringComparer.Ordinal);
}
