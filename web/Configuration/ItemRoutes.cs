using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Configuration;

/// <summary>The routes of a list inside a configuration object, such as the roles of an application.</summary>
/// <param name="Owner">The routes of the object that holds the list.</param>
/// <param name="List">The member that holds the items.</param>
/// <param name="Name">What wraps an item in requests and answers, and its path segment.</param>
internal sealed record ItemRoutes(ConfigurationRoutes Owner, string List, string Name)
{
    private string Path => $"{Owner.Path}/{{ownerId:guid}}/{Name}";

    public void Map(IEndpointRouteBuilder routes, bool readable, bool removeByName)
    {
        routes.MapPost(Path, (Guid ownerId, ApiRequest request, IGrainFactory grains) => Store(ownerId, Guid.CreateVersion7(), ItemAction.Add, request, grains)).Allow(ApiAccess.Key);
        routes.MapPost(Path + "/{itemId:guid}", (Guid ownerId, Guid itemId, ApiRequest request, IGrainFactory grains) => Store(ownerId, itemId, ItemAction.Add, request, grains)).Allow(ApiAccess.Key);
        routes.MapPut(Path + "/{itemId:guid}", (Guid ownerId, Guid itemId, ApiRequest request, IGrainFactory grains) => Store(ownerId, itemId, ItemAction.Change, request, grains)).Allow(ApiAccess.Key);
        routes.MapPatch(Path + "/{itemId:guid}", Patch).Allow(ApiAccess.Key);
        routes.MapDelete(Path + "/{itemId:guid}", (Guid ownerId, Guid itemId, ApiRequest request, IGrainFactory grains) => Remove(ownerId, itemId, null, request, grains)).Allow(ApiAccess.Key);
        if (removeByName)
            routes.MapDelete(Path, (Guid ownerId, string? name, ApiRequest request, IGrainFactory grains) => Remove(ownerId, null, name, request, grains)).Allow(ApiAccess.Key);
        if (readable)
            routes.MapGet(Path + "/{itemId:guid}", (Guid ownerId, Guid itemId, ApiRequest request) =>
                Owner.Find(ownerId, request) is { } owner && ItemOf(ContractJson.ToNode<object>(owner), itemId) is { } item
                    ? ContractResults.Wrapped(Name, item)
                    : ErrorResponses.Empty(StatusCodes.Status404NotFound)).Allow(ApiAccess.Key);
    }

    private async Task<IResult> Store(Guid ownerId, Guid itemId, ItemAction action, ApiRequest request, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var item = body.Value!.Wrapped(Name);
        if (item.Refusal is { } missing) return ErrorResponses.From(missing);
        return await Change(ownerId, itemId, new(List, action, itemId, null, ChangeKind.Replace, JsonText.From(item.Value), request.TenantScope, request.Actor), request, grains);
    }

    private async Task<IResult> Patch(Guid ownerId, Guid itemId, ApiRequest request, IGrainFactory grains)
    {
        var patch = await PatchRequest.Read(request.Http, Name);
        return patch.Value is not { } change
            ? ErrorResponses.From(patch.Refusal!)
            : await Change(ownerId, itemId, new(List, ItemAction.Change, itemId, null, change.Kind, change.Change, request.TenantScope, request.Actor), request, grains);
    }

    private async Task<IResult> Remove(Guid ownerId, Guid? itemId, string? name, ApiRequest request, IGrainFactory grains)
    {
        var outcome = await Send(ownerId, new(List, ItemAction.Remove, itemId, name, ChangeKind.Replace, null, request.TenantScope, request.Actor), request, grains);
        return outcome.Answer(_ => ContractResults.Empty);
    }

    private async Task<IResult> Change(Guid ownerId, Guid itemId, ChangeConfigurationItem command, ApiRequest request, IGrainFactory grains)
    {
        var outcome = await Send(ownerId, command, request, grains);
        return outcome.Answer(view => ContractResults.Wrapped(Name, ItemOf((JsonObject)JsonNode.Parse(view.Object.Utf8.Span)!, itemId)!));
    }

    private async Task<Outcome<ConfigurationView>> Send(Guid ownerId, ChangeConfigurationItem command, ApiRequest request, IGrainFactory grains)
    {
        if (Owner.Find(ownerId, request) is null) return Refusal.NotFound;
        var outcome = await grains.Configuration(Owner.Family, ownerId).ChangeItem(command);
        if (outcome.Value is { } view) await request.Saw(view);
        return outcome;
    }

    private JsonNode? ItemOf(JsonObject owner, Guid itemId) =>
        (owner[List] as JsonArray)?.FirstOrDefault(item => Guid.TryParse((string?)item!["id"], out var id) && id == itemId)?.DeepClone();
}
