namespace OrleansAuth.Common;

/// <summary>
/// Gives people a page where the server would answer with a bare status: what happened, what to do next, a way back. For
/// browsers only; the API and the protocols keep their own answers.
/// </summary>
internal sealed class ProblemPages(RequestDelegate next)
{
    private static readonly PathString Page = "/problem";
    private static readonly PathString ProtocolPage = "/oauth2/error";
    private static readonly PathString[] WithoutPages = ["/api", "/oauth2", "/.well-known", "/assets"];

    public async Task InvokeAsync(HttpContext http)
    {
        var wanted = WantsPage(http.Request);
        await next(http);
        var response = http.Response;
        if (http.Items.ContainsKey(typeof(OAuth.OAuthError)) && !http.Response.HasStarted)
        {
            await Show(http, ProtocolPage);
            return;
        }

        if (!wanted || response.HasStarted || response.StatusCode is not (400 or 404 or 500) || response.ContentType is not null) return;
        http.Items[typeof(Problem)] = new Problem(response.StatusCode, http.Request.Path + http.Request.QueryString);
        await Show(http, Page);
    }

    private Task Show(HttpContext http, PathString page)
    {
        http.SetEndpoint(null);
        http.Request.RouteValues.Clear();
        http.Request.Method = HttpMethods.Get;
        http.Request.Path = page;
        http.Request.QueryString = QueryString.Empty;
        return next(http);
    }

    private static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !WithoutPages.Any(path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a problem page is about.</summary>
/// <param name="Address">Path and query that were asked for.</param>
internal sealed record Problem(int Status, string Address);
