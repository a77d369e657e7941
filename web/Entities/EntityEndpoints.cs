using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Entities;

namespace OrleansAuth.Entities;

/// <summary>Single entities: create, read, replace, patch, delete.</summary>
internal static class EntityEndpoints
{
    private const string Path = "/api/entity";
    private const string OnePath = "/api/entity/{entityId:guid}";

    public static void MapEntities(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, (ApiRequest request, EntityQueries entities, IGrainFactory grains) => Create(null, request, entities, grains)).Allow(ApiAccess.Key);
        routes.MapPost(OnePath, (Guid entityId, ApiRequest request, EntityQueries entities, IGrainFactory grains) => Create(entityId, request, entities, grains)).Allow(ApiAccess.Key);
        routes.MapGet(OnePath, Read).Allow(ApiAccess.Key);
        routes.MapPut(OnePath, Replace).Allow(ApiAccess.Key);
        routes.MapPatch(OnePath, PatchEntity).Allow(ApiAccess.Key);
        routes.MapDelete(OnePath, Remove).Allow(ApiAccess.Key);
    }

    /// <summary>The entity, if it exists and the request may see it.</summary>
    public static async Task<Entity?> Find(Guid entityId, ApiRequest request, EntityQueries entities) =>
        await entities.Find(entityId, request.Http.RequestAborted) is { } found && request.Sees(found.TenantId) ? found : null;

    private static async Task<IResult> Create(Guid? entityId, ApiRequest request, EntityQueries entities, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var sent = body.Value!.Wrapped("entity");
        if (sent.Refusal is { } missing) return ErrorResponses.From(missing);
        var errors = new Errors("entity");
        var id = entityId ?? sent.Value!.Id("id", errors, inside: true) ?? Guid.CreateVersion7();
        var parentId = sent.Value!.Id("parentId", errors, inside: true);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);

        // The tenant of the parent says where its child belongs, as any id in a request does.
        var owner = request.TenantId ?? (parentId is { } parent ? (await Find(parent, request, entities))?.TenantId : null);
        if (owner is not { } tenant) return ErrorResponses.From(request.RequireTenant().Refusal!);
        return Show(await grains.Entity(tenant, id).Create(new CreateEntity(JsonText.From(sent.Value), request.Actor)));
    }

    private static async Task<IResult> Read(Guid entityId, ApiRequest request, EntityQueries entities) =>
        await Find(entityId, request, entities) is { } found
            ? ContractResults.Wrapped("entity", EntityDisplay.Show(found, request.Snapshot, withSecret: true))
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    private static async Task<IResult> Replace(Guid entityId, ApiRequest request, EntityQueries entities, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var sent = body.Value!.Wrapped("entity");
        return sent.Refusal is { } missing
            ? ErrorResponses.From(missing)
            : await Change(entityId, new ChangeEntity(ChangeKind.Replace, JsonText.From(sent.Value), request.Actor), request, entities, grains);
    }

    private static async Task<IResult> PatchEntity(Guid entityId, ApiRequest request, EntityQueries entities, IGrainFactory grains)
    {
        var patch = await PatchRequest.Read(request.Http, "entity");
        return patch.Value is not { } change
            ? ErrorResponses.From(patch.Refusal!)
            : await Change(entityId, new ChangeEntity(change.Kind, change.Change, request.Actor), request, entities, grains);
    }

    private static async Task<IResult> Change(Guid entityId, ChangeEntity command, ApiRequest request, EntityQueries entities, IGrainFactory grains) =>
        await Find(entityId, request, entities) is { TenantId: { } tenant }
            ? Show(await grains.Entity(tenant, entityId).Change(command))
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    private static async Task<IResult> Remove(Guid entityId, ApiRequest request, EntityQueries entities, IGrainFactory grains) =>
        await Find(entityId, request, entities) is { TenantId: { } tenant }
            ? (await grains.Entity(tenant, entityId).Remove(new RemoveEntity(request.Actor))).Answer(_ => ContractResults.Empty)
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    private static IResult Show(Outcome<EntityView> outcome) => outcome.Answer(view => ContractResults.Wrapped("entity", view.Entity.Read<JsonObject>()));
}
