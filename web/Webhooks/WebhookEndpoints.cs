using OrleansAuth.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>Receivers of events.</summary>
internal static class WebhookEndpoints
{
    private static readonly ConfigurationRoutes Webhooks = new(Families.Webhooks, "/api/webhook") { SharedByTenants = true };

    public static void MapWebhooks(this IEndpointRouteBuilder routes) =>
        Webhooks.MapCreate(routes).MapRead(routes).MapList(routes).MapSearch(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
}
