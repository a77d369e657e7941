using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrleansAuth.Applications;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;
using OrleansAuth.Themes;

namespace OrleansAuth.Pages;

/// <summary>
/// A page in the frame of a tenant. What it shows stands in its members, which our own view and a theme's template both
/// read; after its handler, the template is rendered in place of the view where the theme has one.
/// </summary>
internal abstract class ThemedModel : PageModel
{
    /// <summary>The frame; there whenever a handler runs.</summary>
    public HostedPage Hosted { get; private set; } = null!;

    /// <summary>The page's name in the contract, under which themes have their templates.</summary>
    public abstract string Template { get; }

    /// <summary>The one heading of the page.</summary>
    public abstract string Title { get; }

    /// <summary>What the heading leaves open; null for nothing.</summary>
    public virtual string? Lead => null;

    /// <summary>What went wrong with the form as a whole; null where nothing did.</summary>
    public string? Alert { get; protected set; }

    /// <summary>Where the form is sent; null where there is none.</summary>
    public virtual string? Action => null;

    public IReadOnlyList<HostedField> Fields { get; protected set; } = [];

    /// <summary>Ways to other pages, by their names in templates.</summary>
    public virtual IReadOnlyDictionary<string, PageLink> Links => new Dictionary<string, PageLink>();

    /// <summary>Opens the frame. Before the handler, so that the handler has the words.</summary>
    protected void OpenFrame(Tenant? tenant, Application? application, IEnumerable<string>? languages = null) =>
        Hosted = HostedPage.Open(HttpContext, Service<ConfigurationReader>().Current, tenant, application, languages);

    /// <summary>Runs the handler, and gives the page to the theme where it wants it.</summary>
    protected async Task Run(PageHandlerExecutionDelegate next)
    {
        var executed = await next();
        if (executed.Result is not PageResult || executed.Exception is not null) return;
        if (Service<TemplatePages>().Render(Hosted, Template, Data) is { } html) executed.Result = Content(html, "text/html; charset=utf-8");
    }

    /// <summary>Members of this page alone, for templates.</summary>
    protected virtual void Describe(JsonObject data)
    {
    }

    protected T Service<T>() where T : notnull => HttpContext.RequestServices.GetRequiredService<T>();

    private JsonObject Data()
    {
        var token = Service<IAntiforgery>().GetAndStoreTokens(HttpContext);
        var data = new JsonObject
        {
            ["title"] = Title,
            ["lead"] = Lead,
            ["alert"] = Alert,
            ["action"] = Action,
            ["token"] = new JsonObject { ["name"] = token.FormFieldName, ["value"] = token.RequestToken },
            ["fields"] = new JsonArray([.. Fields.Select(f => (JsonNode)f.Data())]),
            ["errors"] = new JsonArray([.. Fields.Where(f => f.Error is not null).Select(f => (JsonNode)new JsonObject { ["field"] = f.Name, ["text"] = f.Error })]),
            ["links"] = new JsonObject(Links.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)new JsonObject { ["href"] = l.Value.Href, ["text"] = l.Value.Text }))),
        };
        Describe(data);
        return data;
    }
}
