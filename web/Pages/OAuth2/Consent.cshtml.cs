using System.Collections.Immutable;
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

    private Task<Outcome<ConsentView>> Remember(AuthorizationStep.Consent step, ScopeList granted) => grains.User(Tenant.Id, step.Session.UserId).RememberConsent(new RememberConsent(
        Application.Id,
        new ConsentView(step.Scope.ToString(), granted.ToString()),
        TimeSpan.FromSeconds(Tenant.ExternalIdentifierConfiguration.RememberOAuthScopeConsentChoiceTimeToLiveInSeconds),
        BrowserSessions.Actor(HttpContext)));
}
