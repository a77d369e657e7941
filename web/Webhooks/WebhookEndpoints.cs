using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Webhooks;

/// <summary>Receivers of events, and what is done with them.</summary>
internal static class WebhookEndpoints
{
    private const string Path = "/api/webhook";

    private static readonly ConfigurationRoutes Webhooks = new(Families.Webhooks, Path)
    {
        Sees = Sees,
        ShowNew = value => WithSecret((Webhook)value),
        Matches = (value, name, text) => name == "tenantId" ? Guid.TryParse(text, out var tenant) && ((Webhook)value).Serves(tenant) : null,
    };

    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        Webhooks.MapCreate(routes).MapRead(routes).MapList(routes).MapSearch(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
        routes.MapPost(Path + "/{id:guid}/pause", (Guid id, ApiRequest request, IGrainFactory grains) =>
            Change(id, request, () => grains.PauseWebhook(id, request.TenantScope, request.Actor))).Allow(ApiAccess.Key);
        routes.MapPost(Path + "/{id:guid}/resume", (Guid id, ApiRequest request, IGrainFactory grains) =>
            Change(id, request, () => grains.ResumeWebhook(id, request.TenantScope, request.Actor))).Allow(ApiAccess.Key);
        routes.MapPost(Path + "/{id:guid}/secret", RenewSecret).Allow(ApiAccess.Key);
        routes.MapPost(Path + "/{id:guid}/test", Test).Allow(ApiAccess.Key);
    }

    /// <summary>
    /// A key of one tenant has the webhooks that serve this tenant alone; for everybody else a named tenant leaves those that serve it.
    /// </summary>
    public static bool Sees(ConfigurationObject value, ApiRequest request)
    {
        var webhook = (Webhook)value;
        if (request.Key?.TenantId is { } own) return webhook.IsOnlyOf(own);
        return request.TenantScope is not { } scope || webhook.Serves(scope);
    }

    private static async Task<IResult> Change(Guid id, ApiRequest request, Func<Task<Outcome<ConfigurationView>>> change) =>
        Webhooks.Find(id, request) is null ? ErrorResponses.Empty(StatusCodes.Status404NotFound) : await Webhooks.Answer(await change(), request);

    /// <summary>Makes another secret and shows it, this once.</summary>
    private static async Task<IResult> RenewSecret(Guid id, ApiRequest request, IGrainFactory grains)
    {
        if (Webhooks.Find(id, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors("webhook");
        var overlap = body.Value!.Number("overlapInSeconds", errors) ?? (long)WebhookSecrets.UsualOverlap.TotalSeconds;
        var secret = body.Value!.Text("secret", errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var outcome = await grains.RenewWebhookSecret(id, new NewWebhookSecret(secret, overlap), request.TenantScope, request.Actor);
        if (outcome.Value is { } view) await request.Saw(view);
        return outcome.Answer(changed => ContractResults.Json(new JsonObject { ["secret"] = changed.Object.Read<Webhook>().Secret, ["overlapInSeconds"] = overlap }));
    }

    /// <summary>Sends an event that did not happen, now, and tells how the receiver answered.</summary>
    private static async Task<IResult> Test(Guid id, ApiRequest request, IGrainFactory grains)
    {
        if (Webhooks.Find(id, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors("webhook");
        var type = body.Value!.Text("type", errors) ?? Events.EventTypes.Test;
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var outcome = await grains.WebhookTest(id).Send(new SendWebhookTest(type, request.TenantScope));
        return outcome.Answer(result => ContractResults.Wrapped("test", ContractJson.ToNode(result)));
    }

    private static JsonObject WithSecret(Webhook webhook)
    {
        var shown = Families.Webhooks.Shown(webhook);
        shown["secret"] = webhook.Secret;
        return shown;
    }
}
