using System.Text.Json.Nodes;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage.Audit;
using OrleansAuth.Storage.Events;
using OrleansAuth.Storage.Secrets;

namespace OrleansAuth.Webhooks;

/// <summary>Which events webhooks were to receive, and each attempt to deliver one. A key that is bound to a tenant sees those of that tenant.</summary>
internal static class WebhookEventLogEndpoints
{
    private const string Path = "/api/system/webhook-event-log";

    /// <summary>So many attempts of one event are shown, the latest.</summary>
    private const int MostAttempts = 500;

    private static readonly string[] Results = ["Failed", "Running", "Succeeded"];

    private static readonly string[] Types = [.. EventTypes.All, EventTypes.Test];

    public static void MapWebhookEventLog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path + "/{webhookEventLogId:guid}", Retrieve).Allow(ApiAccess.Key);
        routes.MapGet("/api/system/webhook-attempt-log/{webhookAttemptLogId:guid}", async (Guid webhookAttemptLogId, ApiRequest request, WebhookEventReader log) =>
            await log.FindAttempt(webhookAttemptLogId, request.Http.RequestAborted) is { } found && Sees(request, found.TenantId)
                ? ContractResults.Wrapped("webhookAttemptLog", Show(found))
                : ErrorResponses.Empty(StatusCodes.Status404NotFound)).Allow(ApiAccess.Key);
        routes.MapLogSearch(Path + "/search", Search);
        routes.MapExport(Path + "/export", "webhook-event-log", (search, _, request) =>
        {
            var (criteria, secrets) = (Criteria(search, request), Secrets(request));
            return search.Refusal is { } refusal ? refusal : ExportFile.Lines(
                "webhook-event-log.jsonl",
                new ExportSource<EventLogRow>((place, limit, stop) => Reader(request).After(criteria, place, limit, stop), row => new LogPlace(row.Instant, row.Id)),
                row => Show(row, null, secrets).ToJsonString(ContractJson.Options));
        });
    }

    /// <summary>The attempt as the API shows it.</summary>
    public static JsonObject Show(AttemptRow attempt)
    {
        var response = new JsonObject();
        response.Set("url", attempt.Url);
        if (attempt.Status is > 0) response["statusCode"] = attempt.Status;
        response.Set("exception", attempt.Exception);
        response.Set("body", attempt.Answer);
        return new JsonObject
        {
            ["attemptResult"] = attempt.Result,
            ["endInstant"] = attempt.End,
            ["id"] = attempt.Id,
            ["startInstant"] = attempt.Start,
            ["webhookCallResponse"] = response,
            ["webhookEventLogId"] = attempt.EventId,
            ["webhookId"] = attempt.WebhookId,
        };
    }

    private static async Task<IResult> Retrieve(Guid webhookEventLogId, ApiRequest request, WebhookEventReader log)
    {
        var stop = request.Http.RequestAborted;
        if (await log.Find(webhookEventLogId, stop) is not { } found || !Sees(request, found.TenantId)) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var shown = Show(found, (await log.Count([found.Id], stop)).GetValueOrDefault(found.Id) ?? None(found), Secrets(request));
        shown["attempts"] = new JsonArray([.. (await log.Attempts(found.Id, MostAttempts, stop)).Select(Show)]);
        return ContractResults.Wrapped("webhookEventLog", shown);
    }

    private static async Task<IResult> Search(LogSearch search, ApiRequest request)
    {
        var (criteria, paging, log) = (Criteria(search, request), search.Paging(WebhookEventReader.Orders), Reader(request));
        if (search.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var page = await log.Search(criteria, paging, request.Http.RequestAborted);
        var counts = await log.Count([.. page.Rows.Select(row => row.Id)], request.Http.RequestAborted);
        var secrets = Secrets(request);
        return LogAnswers.Page("webhookEventLogs", page, row => Show(row, counts.GetValueOrDefault(row.Id) ?? None(row), secrets));
    }

    /// <param name="count">Null where attempts are not shown.</param>
    private static JsonObject Show(EventLogRow row, AttemptCount? count, SecretBox secrets)
    {
        var shown = new JsonObject
        {
            ["eventResult"] = row.Result,
            ["eventType"] = row.Type,
            ["id"] = row.Id,
            ["insertInstant"] = row.Instant,
            ["lastUpdateInstant"] = row.LastUpdateInstant,
            ["sequence"] = row.Sequence,
        };
        shown.Set("event", EventBodies.Show(row.Id, row.Body, secrets));
        shown.Set("linkedObjectId", row.LinkedObjectId);
        if (count is null) return shown;
        shown["failedAttempts"] = count.Failed;
        shown["successfulAttempts"] = count.Succeeded;
        if (count.Last > 0) shown["lastAttemptInstant"] = count.Last;
        return shown;
    }

    private static AttemptCount None(EventLogRow row) => new(row.Id, 0, 0, 0);

    private static WebhookEventCriteria Criteria(LogSearch search, ApiRequest request) => new(
        request.TenantScope, search.Word("eventType", Types), search.Word("eventResult", Results), search.Text("event"), search.Instant("start"), search.Instant("end"));

    private static bool Sees(ApiRequest request, Guid? tenantId) => request.TenantScope is not { } scope || tenantId == scope;

    private static WebhookEventReader Reader(ApiRequest request) => request.Http.RequestServices.GetRequiredService<WebhookEventReader>();

    private static SecretBox Secrets(ApiRequest request) => request.Http.RequestServices.GetRequiredService<SecretBox>();
}
