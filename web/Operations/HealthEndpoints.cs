using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Hosting;

namespace OrleansAuth.Operations;

/// <summary>
/// What supervisors and load balancers ask. Live: the process serves; one that does not is started anew. Ready: it should get
/// requests; one that is not gets none for a while. Both answer everybody, also while the server starts, and say nothing of its inside.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>Where these addresses begin; requests to them do not wait for the start.</summary>
    public static readonly PathString Path = "/health";

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => ContractResults.Json(new JsonObject { ["status"] = "live" })).Allow(ApiAccess.Anyone);
        routes.MapGet("/health/ready", Ready).Allow(ApiAccess.Anyone);
    }

    /// <summary>While the process drains, connections end with their next answer, so that their owners go elsewhere in time.</summary>
    public static void UseDrain(this IApplicationBuilder app)
    {
        var readiness = app.ApplicationServices.GetRequiredService<Readiness>();
        app.Use((http, next) =>
        {
            if (readiness.IsDraining && HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
            return next(http);
        });
    }

    private static async Task<IResult> Ready(Readiness readiness)
    {
        var obstacles = await readiness.Obstacles();
        if (obstacles.Count == 0) return ContractResults.Json(new JsonObject { ["status"] = "ready" });
        var reasons = new JsonArray([.. obstacles.Select(o => new JsonObject { ["code"] = o.Code, ["message"] = o.Message })]);
        return ContractResults.Json(new JsonObject { ["status"] = "notReady", ["reasons"] = reasons }, StatusCodes.Status503ServiceUnavailable);
    }
}
