using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// Why a request cannot go on, where no client can be told. It repeats nothing of the request; where the client is known, the
/// page looks like its others and leads to where the application itself lives.
/// </summary>
[IgnoreAntiforgeryToken]
internal sealed class ErrorModel(ConfigurationReader configuration) : ThemedModel
{
    private OAuthClient? _client;

    public OAuthError Error => HttpContext.Items[typeof(OAuthError)] as OAuthError ?? OAuthError.InvalidRequest("There is nothing to see here.", "invalid_request");

    public override string Template => "oauth2Error";

    public override string Title => Hosted.Text("error.title");

    public override string? Lead => Hosted.TextOrNull($"error.{Error.Reason ?? Error.Error}") ?? Error.Description;

    /// <summary>Only an address that whoever set the application up has given.</summary>
    public override IReadOnlyDictionary<string, PageLink> Links => _client?.Application is { BaseURL: { Length: > 0 } url } application && Uri.TryCreate(url, UriKind.Absolute, out var home) && home.Scheme is "http" or "https"
        ? new Dictionary<string, PageLink> { ["back"] = new(url, Hosted.Text("error.back", application.Name)) }
        : new Dictionary<string, PageLink>();

    public override Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (HttpContext.Items[typeof(AskedClient)] is AskedClient asked) _client = OAuthClient.Find(configuration.Current, asked.ClientId, asked.TenantId);
        OpenFrame(_client?.Tenant, _client?.Application);
        return Run(next);
    }

    public void OnGet() => Response.StatusCode = StatusCodes.Status400BadRequest;

    protected override void Describe(JsonObject data) => data["reason"] = Error.Reason ?? Error.Error;
}

/// <summary>The client that a request named, before the request is put away for a page about it.</summary>
internal sealed record AskedClient(string? ClientId, string? TenantId);
