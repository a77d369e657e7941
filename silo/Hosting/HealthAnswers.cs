using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansAuth.Common;

namespace OrleansAuth.Hosting;

/// <summary>
/// What supervisors and load balancers are told, by every kind of process. Live: the process serves; one that does not is started
/// anew. Ready: it should get requests; one that is not gets none for a while. Both say nothing of its inside.
/// </summary>
public static class HealthAnswers
{
    public static Task Live(HttpContext http) => http.Response.WriteAsJsonAsync(new JsonObject { ["status"] = "live" }, ContractJson.Options);

    public static async Task Ready(HttpContext http)
    {
        var obstacles = await http.RequestServices.GetRequiredService<Readiness>().Obstacles();
        var answer = new JsonObject { ["status"] = obstacles.Count == 0 ? "ready" : "notReady" };
        if (obstacles.Count > 0)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            answer["reasons"] = new JsonArray([.. obstacles.Select(o => new JsonObject { ["code"] = o.Code, ["message"] = o.Message })]);
        }

        await http.Response.WriteAsJsonAsync(answer, ContractJson.Options);
    }
}
