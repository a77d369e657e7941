using Microsoft.AspNetCore.Mvc.Filters;
using OrleansAuth.Applications;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Pages;

/// <summary>A page whose address names whose page it is: the client, or the tenant alone. Where it names nobody, the page is the server's.</summary>
internal abstract class NamedModel : ThemedModel
{
    public Tenant? Tenant { get; private set; }

    public Application? Application { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var query = Request.Query;
        Take(query["client_id"], query["tenantId"]);
        OpenFrame(Tenant, Application);
        await Run(next);
    }

    private void Take(string? clientId, string? tenantId)
    {
        var snapshot = Service<ConfigurationReader>().Current;
        if (OAuthClient.Find(snapshot, clientId, tenantId) is { } client)
            (Tenant, Application) = (client.Tenant, client.Application);
        else if (Guid.TryParse(tenantId, out var id))
            Tenant = snapshot.Find<Tenant>(id) is { State: ObjectState.Active } named ? named : null;
        else if (snapshot.Count<Tenant>() == 1)
            Tenant = snapshot.All<Tenant>().First();
    }
}
