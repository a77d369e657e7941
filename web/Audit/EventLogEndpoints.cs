using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Audit;

namespace OrleansAuth.Audit;

/// <summary>What the server reports about itself. It belongs to no tenant, so whoever is bound to one finds nothing here.</summary>
internal static class EventLogEndpoints
{
    private const string Path = "/api/system/event-log";

    private static readonly string[] Types = ["Information", "Debug", "Error"];

    public static void MapEventLog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path + "/{eventLogId}", async (string eventLogId, ApiRequest request, EventLogReader log) =>
            request.TenantScope is null && LogAnswers.Number(eventLogId) is { } number && await log.Find(number, request.Http.RequestAborted) is { } found
                ? ContractResults.Wrapped("eventLog", Show(found))
                : ErrorResponses.Empty(StatusCodes.Status404NotFound)).Allow(ApiAccess.Key);
        routes.MapLogSearch(Path + "/search", async (search, request) =>
        {
            var (criteria, paging) = (Criteria(search), search.Paging(EventLogReader.Orders));
            if (search.Refusal is { } refusal) return ErrorResponses.From(refusal);
            return LogAnswers.Page("eventLogs", request.TenantScope is null ? await Reader(request).Search(criteria, paging, request.Http.RequestAborted) : new([], 0, null), Show);
        });
        routes.MapExport(Path + "/export", "event-log", (search, format, request) =>
        {
            var criteria = Criteria(search);
            return search.Refusal is { } refusal ? refusal : ExportFile.Csv(
                "event-log.csv",
                ["id", "insertInstant", "type", "message"],
                new ExportSource<EventLogEntry>(
                    async (place, limit, stop) => request.TenantScope is null ? await Reader(request).After(criteria, place, limit, stop) : [],
                    entry => new LogPlace(entry.Instant, entry.Id)),
                entry => [entry.Number.ToString(CultureInfo.InvariantCulture), format.Write(entry.Instant), entry.Type, entry.Message]);
        });
    }

    /// <summary>The entry as the API shows it.</summary>
    public static JsonObject Show(EventLogEntry entry)
    {
        var shown = new JsonObject { ["id"] = entry.Number, ["insertInstant"] = entry.Instant, ["type"] = entry.Type };
        shown.Set("message", entry.Message);
        return shown;
    }

    private static EventLogReader Reader(ApiRequest request) => request.Http.RequestServices.GetRequiredService<EventLogReader>();

    private static EventLogCriteria Criteria(LogSearch search) => new(search.Word("type", Types), search.Text("message"), search.Instant("start"), search.Instant("end"));
}
