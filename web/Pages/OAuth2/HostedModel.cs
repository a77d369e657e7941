using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Filters;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Hosted;
using OrleansAuth.OAuth;
using OrleansAuth.Sessions;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;
using OrleansAuth.Users;

namespace OrleansAuth.Pages.OAuth2;

/// <summary>
/// A page of a login. It belongs to an authorization request, which its address carries; before any handler runs, the
/// request is read and found valid, or answered.
/// </summary>
internal abstract class HostedModel(LoginPages pages) : ThemedModel
{
    /// <summary>This visit; there whenever a handler runs.</summary>
    public LoginVisit Visit { get; private set; } = null!;

    /// <summary>The address carries a request, as it does but for links that lead here from mails.</summary>
    protected bool HasVisit => Visit is not null;

    public Application Application => Visit.Request.Client.Application;

    public Tenant Tenant => Visit.Request.Client.Tenant;

    protected LoginPages Pages => pages;

    /// <summary>The address of another page of the same login.</summary>
    public string PathTo(string path) => path + Visit.Query;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var (visit, refused) = await pages.Open(HttpContext);
        if (visit is null)
        {
            context.Result = refused;
            return;
        }

        Visit = visit;
        OpenFrame(Tenant, Application, await Languages());
        await Run(next);
    }

    /// <summary>Why a gate stopped the login.</summary>
    protected string WhyNot(LoginResult login)
    {
        var fault = GateFault.Of(login.Status, login.Actions, Service<Clock>().Now);
        return Hosted.Text(fault.Key, fault.Wait);
    }

    /// <summary>The step that this page is for, or the way to the page of the step that is next.</summary>
    protected async Task<(T? Step, Microsoft.AspNetCore.Mvc.IActionResult? Elsewhere)> Require<T>() where T : AuthorizationStep
    {
        var step = await pages.Next(HttpContext, Visit);
        return step is T own ? (own, null) : (null, LoginPages.Go(Visit, step));
    }

    /// <summary>Languages of the account that this browser used last; not asked for where the request itself says one.</summary>
    private async Task<IEnumerable<string>> Languages()
    {
        if (Visit.Sessions.Count == 0 || PageLocale.IsSaid(HttpContext)) return [];
        var user = await Service<IGrainFactory>().User(Tenant.Id, Visit.Sessions[0].UserId).Read();
        return (user?.User.Read<JsonObject>()["preferredLanguages"] as JsonArray)?.Select(l => (string?)l ?? "") ?? [];
    }
}
