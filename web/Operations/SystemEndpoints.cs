using System.Reflection;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Operations;

/// <summary>Health, status, version, and the description of what is served.</summary>
internal static class SystemEndpoints
{
    /// <summary>The contract's code for a database that does not answer.</summary>
    private const int DatabaseUnavailable = 452;

    /// <summary>This program's version.</summary>
    public static string Version { get; } = typeof(SystemEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapSystem(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/health", () => ContractResults.Empty).Allow(ApiAccess.Anyone);
        routes.MapGet("/api/status", Status).Allow(ApiAccess.Anyone);
        routes.MapGet("/openapi.json", (OpenApiDocument document) => Results.Bytes(document.Utf8, "application/json; charset=utf-8")).Allow(ApiAccess.Anyone);
        routes.MapGet("/api/system/version", () => ContractResults.Json(new JsonObject { ["version"] = Version })).Allow(ApiAccess.Key);
    }

    /// <summary>200 when the store answers; the version is for holders of a key only.</summary>
    private static async Task<IResult> Status(ApiRequest request, IStoreReader store)
    {
        try
        {
            await store.ConfigurationVersion(request.Http.RequestAborted);
        }
        catch (StoreUnavailableException)
        {
            return ErrorResponses.Empty(DatabaseUnavailable);
        }

        return ContractResults.Json(request.Key is null ? [] : new JsonObject { ["version"] = Version });
    }
}
