using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Administration;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Keys;
using OrleansAuth.Operations;
using OrleansAuth.Setup;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Pages;

/// <summary>Where administrators arrive: what there is, and the way to the first API key. Everybody else is sent to sign in.</summary>
internal sealed class IndexModel(IGrainFactory grains, ConfigurationReader configuration, AdministratorSession session) : PageModel
{
    public TokenSubject Administrator { get; private set; } = null!;

    /// <summary>The value of a key that was just made; it is shown on this page only.</summary>
    public string? NewKey { get; private set; }

    public int Tenants => configuration.Current.Count<Tenant>();

    public int Applications => configuration.Current.Count<Application>();

    public int ApiKeys => configuration.Current.Count<ApiKey>();

    public static string Version => SystemEndpoints.Version;

    public string Address => $"{Request.Scheme}://{Request.Host}";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await session.Current(HttpContext) is { } administrator)
        {
            Administrator = administrator;
            await next();
        }
        else
        {
            context.Result = (await grains.Setup().Read()).HasAdministrator ? LocalRedirect("/sign-in") : LocalRedirect("/setup");
        }
    }

    public IActionResult OnGet() => Page();

    public async Task OnPostCreateKeyAsync()
    {
        var wanted = new JsonObject { ["name"] = $"Made by {Administrator.Email} on the first page" };
        var actor = HttpContext.ActorNamed(Administrator.Email ?? Administrator.UserId.ToString());
        var created = await grains.Configuration(Families.ApiKeys, Guid.CreateVersion7()).Create(new CreateConfiguration(JsonText.From(wanted), null, null, actor));
        await configuration.AtLeast(created.Value!.Version);
        NewKey = created.Value.Object.Read<ApiKey>().Key;
    }

    public async Task<IActionResult> OnPostSignOutAsync()
    {
        await session.End(HttpContext);
        return LocalRedirect("/sign-in");
    }
}
