using System.Text.Json.Nodes;
using OrleansAuth.Common;

namespace OrleansAuth.Configuration;

/// <summary>
/// The routes that every configuration family has. A family's endpoint group maps those it offers and adds its own; what
/// makes its requests and answers special comes in as functions.
/// </summary>
/// <param name="Path">Such as <c>/api/tenant</c>.</param>
internal sealed record ConfigurationRoutes(ConfigurationFamily Family, string Path)
{
    /// <summary>The object as the API shows it.</summary>
    public Func<ConfigurationObject, ApiRequest, JsonObject> Show { get; init; } = (value, _) => Family.Shown(value);

    /// <summary>The object as the answer to its creation shows it, where that is more than later answers do.</summary>
    public Func<ConfigurationObject, JsonObject>? ShowNew { get; init; }

    /// <summary>Does what follows a create, a replacement or a patch, once it is in force; its refusal is the answer.</summary>
    public Func<ConfigurationObject, ApiRequest, Task<Refusal?>>? Stored { get; init; }

    /// <summary>Objects live in a tenant, which the request must resolve to when it creates one.</summary>
    public bool InTenant { get; init; }

    /// <summary>
    /// All tenants use these objects, and what one of them says or where it leads is theirs: a key that is bound to a tenant reads them
    /// and changes none.
    /// </summary>
    public bool SharedByTenants { get; init; }

    /// <summary>The member of a create request that names an object to copy, such as <c>sourceTenantId</c>; null where there is no copy.</summary>
    public string? SourceMember { get; init; }

    /// <summary>Adjusts the wrapped object of a request before it goes to the grain, or refuses it.</summary>
    public Func<JsonObject, JsonObject, ApiRequest, Refusal?>? Prepare { get; init; }

    /// <summary>Whether the object matches a criterion (name and value) that means more than its member; null for all other criteria.</summary>
    public Func<ConfigurationObject, string, string, bool?>? Matches { get; init; }

    /// <summary>Whether the object exists for the request: by default, when the request may see its tenant.</summary>
    public Func<ConfigurationObject, ApiRequest, bool> Sees { get; init; } = (value, request) => request.Sees(TenantOf(value));

    /// <summary>POST with or without an id.</summary>
    public ConfigurationRoutes MapCreate(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, (ApiRequest request, IGrainFactory grains) => Create(null, request, grains)).Allow(ApiAccess.Key);
        routes.MapPost(Path + "/{id:guid}", (Guid id, ApiRequest request, IGrainFactory grains) => Create(id, request, grains)).Allow(ApiAccess.Key);
        return this;
    }

    /// <summary>GET one.</summary>
    public ConfigurationRoutes MapRead(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path + "/{id:guid}", (Guid id, ApiRequest request) => Find(id, request) is { } found
            ? ContractResults.Wrapped(Family.Name, Show(found, request))
            : ErrorResponses.Empty(StatusCodes.Status404NotFound)).Allow(ApiAccess.Key);
        return this;
    }

    /// <summary>GET all that the request sees and <paramref name="listed"/> lets through.</summary>
    public ConfigurationRoutes MapList(IEndpointRouteBuilder routes, Func<ConfigurationObject, ApiRequest, bool>? listed = null)
    {
        routes.MapGet(Path, (ApiRequest request) => ContractResults.Json(new JsonObject
        {
            [Family.Plural] = new JsonArray([.. Visible(request).Where(o => listed?.Invoke(o, request) ?? true)
                .OrderBy(o => o.InsertInstant).ThenBy(o => o.Id).Select(o => Show(o, request))]),
        })).Allow(ApiAccess.Key);
        return this;
    }

    /// <summary>GET and POST search.</summary>
    public ConfigurationRoutes MapSearch(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path + "/search", (ApiRequest request) => Search(ConfigurationSearch.FromQuery(request.Http.Request.Query), request)).Allow(ApiAccess.Key);
        routes.MapPost(Path + "/search", async (ApiRequest request) =>
        {
            var body = await RequestBody.ReadObject(request.Http);
            return body.Refusal is { } refusal ? ErrorResponses.From(refusal) : Search(ConfigurationSearch.FromBody(body.Value!), request);
        }).Allow(ApiAccess.Key);
        return this;
    }

    /// <summary>PUT, and PUT with <c>?reactivate=true</c>.</summary>
    public ConfigurationRoutes MapReplace(IEndpointRouteBuilder routes)
    {
        routes.MapPut(Path + "/{id:guid}", async (Guid id, ApiRequest request, IGrainFactory grains) =>
        {
            if (MayNotWrite(request)) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
            if (request.Http.Request.Query["reactivate"] == "true") return await Change(id, ChangeKind.Reactivate, JsonText.From(new JsonObject()), request, grains);
            return await ReadWrapped(request, grains) switch
            {
                { Refusal: { } refusal } => ErrorResponses.From(refusal),
                { Value: var sent } => await Change(id, ChangeKind.Replace, JsonText.From(sent), request, grains),
            };
        }).Allow(ApiAccess.Key);
        return this;
    }

    /// <summary>PATCH in its three forms.</summary>
    public ConfigurationRoutes MapPatch(IEndpointRouteBuilder routes)
    {
        routes.MapPatch(Path + "/{id:guid}", async (Guid id, ApiRequest request, IGrainFactory grains) =>
        {
            if (MayNotWrite(request)) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
            var patch = await PatchRequest.Read(request.Http, Family.Name, (sent, body) => Prepare?.Invoke(sent, body, request));
            return patch.Refusal is { } refusal
                ? ErrorResponses.From(refusal)
                : await Change(id, patch.Value!.Kind, patch.Value.Change, request, grains);
        }).Allow(ApiAccess.Key);
        return this;
    }

    /// <summary>DELETE, with <c>?hardDelete=true</c> for families that deactivate.</summary>
    public ConfigurationRoutes MapRemove(IEndpointRouteBuilder routes)
    {
        routes.MapDelete(Path + "/{id:guid}", async (Guid id, ApiRequest request, IGrainFactory grains) =>
        {
            if (MayNotWrite(request)) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
            if (Find(id, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
            var hard = request.Http.Request.Query["hardDelete"] == "true";
            var outcome = await grains.Configuration(Family, id).Remove(new RemoveConfiguration(hard, request.TenantScope, request.Actor));
            if (outcome.Value is { } view) await request.Saw(view);
            return outcome.Answer(_ => ContractResults.Empty);
        }).Allow(ApiAccess.Key);
        return this;
    }

    /// <summary>The object, if it exists and the request may see it.</summary>
    public ConfigurationObject? Find(Guid id, ApiRequest request) =>
        request.Snapshot.Find(Family, id) is { } found && Sees(found, request) ? found : null;

    /// <summary>Shows what a write answered, once this process has seen it too.</summary>
    public async Task<IResult> Answer(Outcome<ConfigurationView> outcome, ApiRequest request, bool isNew = false)
    {
        if (outcome.Value is not { } view) return ErrorResponses.From(outcome.Refusal!);
        await request.Saw(view);
        var value = (ConfigurationObject)System.Text.Json.JsonSerializer.Deserialize(view.Object.Utf8.Span, Family.Type, ContractJson.Options)!;
        if (Stored is not null && await Stored(value, request) is { } unfinished) return ErrorResponses.From(unfinished);
        return ContractResults.Wrapped(Family.Name, isNew && ShowNew is not null ? ShowNew(value) : Show(value, request));
    }

    private bool MayNotWrite(ApiRequest request) => SharedByTenants && request.Key?.TenantId is not null;

    private async Task<IResult> Create(Guid? id, ApiRequest request, IGrainFactory grains)
    {
        if (MayNotWrite(request)) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var errors = new Errors(Family.Name);
        var source = SourceMember is null ? null : body.Value!.Id(SourceMember, errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (source is { } sourceId && Find(sourceId, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var sent = source is not null && body.Value![Family.Name] is null ? new JsonObject() : body.Value!.Wrapped(Family.Name);
        if (sent.Refusal is { } missing) return ErrorResponses.From(missing);
        return await Create(id, sent.Value!, body.Value!, source, request, grains);
    }

    private async Task<IResult> Create(Guid? id, JsonObject sent, JsonObject body, Guid? source, ApiRequest request, IGrainFactory grains)
    {
        if (Prepare?.Invoke(sent, body, request) is { } refused) return ErrorResponses.From(refused);
        var errors = new Errors(Family.Name);
        var ownId = id ?? sent.Id("id", errors, inside: true) ?? Guid.CreateVersion7();
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        Guid? tenantId = null;
        if (InTenant)
        {
            // The tenant of the copied object says where its copy belongs, as an id in the request would.
            var owner = request.TenantId ?? (source is { } original ? TenantOf(request.Snapshot.Find(Family, original)) : null);
            if (owner is null) return ErrorResponses.From(request.RequireTenant().Refusal!);
            tenantId = owner;
        }

        return await Answer(await grains.Configuration(Family, ownId).Create(new CreateConfiguration(JsonText.From(sent), tenantId, source, request.Actor)), request, isNew: true);
    }

    private async Task<Outcome<JsonObject>> ReadWrapped(ApiRequest request, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return malformed;
        var sent = body.Value!.Wrapped(Family.Name);
        return sent.Refusal is null && Prepare?.Invoke(sent.Value!, body.Value!, request) is { } refused ? refused : sent;
    }

    private async Task<IResult> Change(Guid id, ChangeKind kind, JsonText change, ApiRequest request, IGrainFactory grains)
    {
        if (Find(id, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return await Answer(await grains.Configuration(Family, id).Change(new ChangeConfiguration(kind, change, request.TenantScope, request.Actor)), request);
    }

    private IResult Search(Outcome<ConfigurationSearch> search, ApiRequest request) => search.Answer(criteria =>
    {
        var (page, total) = criteria.Run(Family, Visible(request), Matches);
        return ContractResults.Json(new JsonObject
        {
            [Family.Plural] = new JsonArray([.. page.Select(o => Show(o, request))]),
            ["total"] = total,
        });
    });

    private IEnumerable<ConfigurationObject> Visible(ApiRequest request) => request.Snapshot.All(Family).Where(o => Sees(o, request));

    private static Guid? TenantOf(ConfigurationObject? value) => (value as IInTenant)?.TenantId;
}
