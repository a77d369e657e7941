using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Webhooks;

namespace OrleansAuth.Webhooks;

/// <summary>What webhooks have not been told yet, and sending again. Not part of the contract.</summary>
internal static class WebhookDeliveryEndpoints
{
    private const int UsualResults = 25;
    private const int MostResults = 500;
    private const int FarthestRow = 100_000;

    public static void MapWebhookDeliveries(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/webhook/{id:guid}/deliveries", List).Allow(ApiAccess.Key);
        routes.MapPost("/api/webhook/{id:guid}/resend", Resend).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> List(Guid id, ApiRequest request, PendingDeliveries deliveries)
    {
        if (Find(id, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var query = request.Http.Request.Query;
        var errors = new Errors("deliveries");
        var state = query.Sent("state") ?? "waiting";
        if (state is not ("waiting" or "parked")) errors.AddField("state", "invalid", "The [state] must be waiting or parked.");
        var (start, limit) = (Number("startRow", 0, FarthestRow), Number("numberOfResults", UsualResults, MostResults));
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var (page, total) = await deliveries.Find(id, request.TenantScope, state == "parked", start, limit, request.Http.RequestAborted);
        return ContractResults.Json(new JsonObject { ["deliveries"] = new JsonArray([.. page.Select(Show)]), ["total"] = total });

        int Number(string name, int otherwise, int most)
        {
            if (query.Sent(name) is not { } text) return otherwise;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most) return number;
            errors.AddField(name, "invalid", $"The [{name}] must be a whole number from 0 to {most}.");
            return otherwise;
        }
    }

    private static async Task<IResult> Resend(Guid id, ApiRequest request, IGrainFactory grains)
    {
        if (Find(id, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors("resend");
        var command = Read(body.Value!, request.TenantScope, errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        return (await grains.Webhook(id).Resend(command)).Answer(sent =>
        {
            var shown = new JsonObject { ["resent"] = sent.Count };
            if (sent.Next is { } next) shown["after"] = next;
            return ContractResults.Json(shown);
        });
    }

    private static ResendEvents Read(JsonObject body, Guid? tenant, Errors errors)
    {
        var (eventId, start, end, after) = (body.Id("eventId", errors), body.Number("start", errors), body.Number("end", errors), body.Number("after", errors));
        var onlyFailed = body.Flag("onlyFailed", errors);
        if (eventId is null && start is null && !errors.Any) errors.AddField("eventId", "missing", "Name an [eventId], or a range that begins with [start].");
        if (eventId is not null && start is not null) errors.AddField("start", "invalid", "An [eventId] and a range do not go together.");
        if (end <= start) errors.AddField("end", "invalid", "The [end] must be later than [start].");
        return new ResendEvents(tenant) { EventId = eventId, Start = start ?? 0, End = end ?? long.MaxValue, After = after ?? 0, Types = Types(body, errors), OnlyFailed = onlyFailed };
    }

    private static ImmutableArray<string> Types(JsonObject body, Errors errors)
    {
        if (body["types"] is not { } node) return [];
        if (node is JsonArray list && list.All(item => item is JsonValue value && value.TryGetValue<string>(out var type) && Events.EventTypes.All.Contains(type)))
            return [.. list.Select(item => (string)item!)];
        errors.AddField("types", "invalid", "The [types] must be a list of event types.");
        return [];
    }

    private static JsonObject Show(PendingDelivery delivery)
    {
        var shown = new JsonObject { ["eventId"] = delivery.EventId, ["type"] = delivery.Type, ["subject"] = delivery.Subject, ["attempts"] = delivery.Attempts, ["insertInstant"] = delivery.Queued };
        if (delivery.TenantId is { } tenant) shown["tenantId"] = tenant;
        if (delivery.Parked is { } parked) shown["parkedInstant"] = parked;
        else shown["nextAttemptInstant"] = delivery.Due;
        if (delivery.Fault is { } fault) shown["fault"] = fault;
        return shown;
    }

    private static Webhook? Find(Guid id, ApiRequest request) => request.Snapshot.Find<Webhook>(id) is { } found && WebhookEndpoints.Sees(found, request) ? found : null;
}
