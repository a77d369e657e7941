using OrleansAuth.Configuration;

namespace OrleansAuth.Messages;

/// <summary>Message templates, and the messengers that bring messages to phones.</summary>
internal static class MessageEndpoints
{
    private static readonly ConfigurationRoutes Templates = new(Families.MessageTemplates, "/api/message/template") { SharedByTenants = true };
    private static readonly ConfigurationRoutes Messengers = new(Families.Messengers, "/api/messenger") { SharedByTenants = true };

    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        Templates.MapCreate(routes).MapRead(routes).MapList(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
        Messengers.MapCreate(routes).MapRead(routes).MapList(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
    }
}
