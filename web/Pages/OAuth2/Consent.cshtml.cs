using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Users;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>An application of somebody else asks for scopes: the user agrees to all, to some, or to nothing.</summary>
internal sealed class ConsentModel(LoginPages pages, AuthorizationAnswers answers, IGrainFactory grains) : HostedModel(pages)
{
    /// <summary>Who agrees.</summary>
    public string? LoginName { get; private set; }

    /// <summary>Scopes that are asked for, each with whether it can be left out.</summary>
    public IReadOnlyList<(string Scope, ApplicationOAuthScope? Custom, bool Required)> Asked { get; private set; } = [];

    public override string Template => "oauth2Consent";

    public override string Title => Hosted.Text("consent.title", Application.Name);

    public override string? Lead => Hosted.Text("consent.lead");

    public override string? Action => PathTo("/oauth2/consent");

    /// <summary>What is asked for in words: the theme's, the application's own, or this server's.</summary>
    public IEnumerable<ShownScope> Shown => Asked.Select(a => ShownScope.Of(a.Scope, a.Custom, a.Required, Hosted));

    public async Task<IActionResult> OnGetAsync()
    {
        var (step, elsewhere) = await Require<AuthorizationStep.Consent>();
        if (step is null) return elsewhere!;
        LoginName = step.Session.LoginName;
        Asked = [.. step.Scope.Names.Select(scope => (scope, Application.Scopes.FirstOrDefault(s => s.Name == scope), Scopes.IsRequired(Visit.Request.Client, scope)))];
        return Page();
    }

    /// <param name="allow">The user agrees.</param>
    /// <param name="scope">What the user agrees to beside what cannot be left out.</param>
    public async Task<IActionResult> OnPostAsync(bool allow, string[] scope)
    {
        var (step, elsewhere) = await Require<AuthorizationStep.Consent>();
        if (step is null) return elsewhere!;
        if (!allow) return new AuthorizationAnswerResult(answers.Refuse(Visit.Request, OAuthError.AccessDenied("The user did not agree.", "consent_canceled")));
        var client = Visit.Request.Client;
        var granted = new ScopeList(step.Scope.Names.Where(name => scope.Contains(name) || Scopes.IsRequired(client, name)).ToImmutableArray());
        if (client.OAuth.ConsentMode == OAuthScopeConsentMode.RememberDecision) await Remember(step, granted);
        return LoginPages.Go(Visit, await Pages.Next(HttpContext, Visit, granted));
    }

    protected override void Describe(JsonObject data)
    {
        data["loginName"] = LoginName;
        data["scopes"] = new JsonArray([.. Shown.Select(s => (JsonNode)new JsonObject { ["name"] = s.Name, ["message"] = s.Message, ["detail"] = s.Detail, ["required"] = s.Required })]);
    }

    private Task<Outcome<ConsentView>> Remember(AuthorizationStep.Consent step, ScopeList granted) => grains.User(Tenant.Id, step.Session.UserId).RememberConsent(new RememberConsent(
        Application.Id,
        new ConsentView(step.Scope.ToString(), granted.ToString()),
        TimeSpan.FromSeconds(Tenant.ExternalIdentifierConfiguration.RememberOAuthScopeConsentChoiceTimeToLiveInSeconds),
        BrowserSessions.Actor(HttpContext)));
}

/// <summary>A scope as the user reads it.</summary>
/// <param name="Required">It cannot be left out.</param>
internal sealed record ShownScope(string Name, string Message, string? Detail, bool Required)
{
    /// <param name="custom">The application's own words for a scope of its own; a theme's come first, for it can speak every language.</param>
    public static ShownScope Of(string scope, ApplicationOAuthScope? custom, bool required, Themes.HostedPage page) => new(
        scope,
        page.TextOrNull($"scope.{scope}") ?? custom?.DefaultConsentMessage ?? scope,
        page.TextOrNull($"scope.{scope}.detail") ?? custom?.DefaultConsentDetail,
        required);
}
