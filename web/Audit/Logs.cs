using OrleansAuth.Storage.Audit;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Sessions;

namespace OrleansAuth.Audit;

/// <summary>The logs: who changed what, what the server says of itself, and both and more as they happen.</summary>
internal static class Logs
{
    public static IServiceCollection AddLogs(this IServiceCollection services) => services
        .AddSingleton<AuditLogReader>()
        .AddSingleton<EventLogReader>()
        .AddSingleton<WebhookEventReader>()
        .AddSingleton<LoginFailureReader>()
        .AddSingleton<TailSources>()
        .AddSingleton<TailPlaces>();

    public static void MapLogs(this IEndpointRouteBuilder routes)
    {
        routes.MapAuditLog();
        routes.MapEventLog();
        routes.MapLogTail();
    }
}
