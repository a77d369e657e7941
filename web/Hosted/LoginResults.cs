using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Themes;

namespace OrleansAuth.Hosted;

/// <summary>Sends the browser on with a new request: 303, so that what was posted is never posted again (RFC 9700, section 4.12).</summary>
internal sealed class SeeOtherResult(string address) : ActionResult
{
    public override void ExecuteResult(ActionContext context)
    {
        context.HttpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.HttpContext.Response.Headers.Location = address;
    }
}

/// <summary>Sends the answer to the client: by redirect, or as a form that posts itself (OAuth 2.0 Form Post Response Mode).</summary>
internal sealed class AuthorizationAnswerResult(AuthorizationAnswer answer) : ActionResult
{
    private const string Submit = "document.forms[0].submit()";
    private static readonly string SubmitHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Submit)));

    public override Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        if (answer.Return.Mode != ResponseMode.FormPost)
        {
            // A visit is answered with 302, as the contract has it; a form with 303, so that no password is posted on.
            http.Response.StatusCode = HttpMethods.IsPost(http.Request.Method) ? StatusCodes.Status303SeeOther : StatusCodes.Status302Found;
            http.Response.Headers.Location = answer.Address;
            return Task.CompletedTask;
        }

        ContentPolicy.Of(http).AllowForm(answer.Return.RedirectUri).AllowScript(SubmitHash);
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(Page(http), http.RequestAborted);
    }

    /// <summary>A button stands there for browsers that run no scripts.</summary>
    private string Page(HttpContext http)
    {
        // A request that was refused before the frame of its tenant was opened is answered in English.
        var frame = http.Items[typeof(HostedPage)] as HostedPage;
        var (language, title, button) = (frame?.Language ?? "en", Encoded(frame?.Text("continue.title") ?? "One moment"), Encoded(frame?.Text("logout.continue") ?? "Continue"));
        var fields = string.Concat(answer.Parameters.Select(p => $"<input type=\"hidden\" name=\"{Encoded(p.Key)}\" value=\"{Encoded(p.Value)}\">"));
        return $"<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>"
            + $"<link rel=\"stylesheet\" href=\"{Assets.StylePath}\"></head><body><main class=\"narrow\"><form method=\"post\" class=\"card stack\" action=\"{Encoded(answer.Return.RedirectUri)}\">"
            + $"<h1>{title}</h1>{fields}<button type=\"submit\" class=\"button primary full\">{button}</button></form></main><script>{Submit}</script></body></html>";

        static string Encoded(string text) => WebUtility.HtmlEncode(text);
    }
}

/// <summary>A page that tells the user why a request cannot go on, where no client can be told.</summary>
internal sealed class OAuthProblemResult(OAuthError error) : ActionResult
{
    public override void ExecuteResult(ActionContext context)
    {
        var query = context.HttpContext.Request.Query;
        context.HttpContext.Items[typeof(OAuthError)] = error;
        context.HttpContext.Items[typeof(Pages.OAuth2.AskedClient)] = new Pages.OAuth2.AskedClient(query["client_id"], query["tenantId"]);
        context.HttpContext.Response.StatusCode = StatusCodes.Status400BadRequest;
    }
}

/// <summary>
/// Sends the browser on after a form, where the way leads to another site: a policy that keeps forms at home counts redirects
/// too, and this is a new visit. Without the automatism of browsers there is a link.
/// </summary>
internal sealed class ContinueResult(string address, string title) : ActionResult
{
    public override Task ExecuteResultAsync(ActionContext context)
    {
        var http = context.HttpContext;
        var frame = http.Items[typeof(HostedPage)] as HostedPage;
        var (language, target, words, button) = (frame?.Language ?? "en", WebUtility.HtmlEncode(address), WebUtility.HtmlEncode(title), WebUtility.HtmlEncode(frame?.Text("logout.continue") ?? "Continue"));
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(
            $"<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta http-equiv=\"refresh\" content=\"0;url={target}\"><title>{words}</title>"
            + $"<link rel=\"stylesheet\" href=\"{Assets.StylePath}\"></head><body><main class=\"narrow\"><div class=\"card stack\"><h1>{words}</h1><a class=\"button primary full\" id=\"continue\" href=\"{target}\">{button}</a></div></main></body></html>",
            http.RequestAborted);
    }
}
