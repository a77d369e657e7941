using OrleansAuth.Common;
using OrleansAuth.Hosting;

namespace OrleansAuth.Operations;

/// <summary>Whether the process serves and should get requests: for everybody, also while the server starts.</summary>
internal static class HealthEndpoints
{
    /// <summary>Where these addresses begin; requests to them do not wait for the start.</summary>
    public static readonly PathString Path = "/health";

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", HealthAnswers.Live).Allow(ApiAccess.Anyone);
        routes.MapGet("/health/ready", HealthAnswers.Ready).Allow(ApiAccess.Anyone);
    }

    /// <summary>While the process drains, connections end with their next answer, so that their owners go elsewhere in time.</summary>
    public static void UseDrain(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        // Asked for here and not before: the store behind it is opened by the start, which can say why it cannot be.
        var readiness = http.RequestServices.GetRequiredService<Readiness>();
        if (readiness.IsDraining && HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
        return next(http);
    });
}
