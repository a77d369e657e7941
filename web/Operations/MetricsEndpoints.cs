using System.Net;
using OrleansAuth.Common;
using OrleansAuth.Hosting;
using OrleansAuth.Storage.Outbox;

namespace OrleansAuth.Operations;

/// <summary>
/// What Prometheus fetches, as text. The figures are those of the whole process, so a key of one tenant does not open them. The key
/// comes as in the rest of the API, or by basic authentication as user <c>apikey</c>, which is what Prometheus can send.
/// </summary>
internal static class MetricsEndpoints
{
    private static readonly string[] Forwarding = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"];

    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        var text = routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
        var options = routes.ServiceProvider.GetRequiredService<MetricsOptions>();
        routes.MapGet("/api/prometheus/metrics", http => Show(http, text, OfWholeSystem(http))).Allow(ApiAccess.Key).WithMetadata(BasicKey.Taken);
        routes.MapGet("/metrics", http => Show(http, text, OfWholeSystem(http) || (options.OpenToLoopback && IsFromHere(http))))
            .Allow(ApiAccess.Anyone).WithMetadata(BasicKey.Taken);
    }

    private static async Task Show(HttpContext http, RequestDelegate text, bool allowed)
    {
        if (!allowed)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        await http.RequestServices.GetRequiredService<OutboxGauge>().Refresh(http.RequestAborted);
        await text(http);
    }

    private static bool OfWholeSystem(HttpContext http) => ApiRequest.Of(http).Key is { TenantId: null };

    private static bool IsFromHere(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !Forwarding.Any(http.Request.Headers.ContainsKey);
}
