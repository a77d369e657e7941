using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Entities;

namespace OrleansAuth.Entities;

/// <summary>What users and entities were granted on entities.</summary>
internal static class EntityGrantEndpoints
{
    private const string Path = "/api/entity/{entityId:guid}/grant";
    private const string SearchPath = "/api/entity/grant/search";

    /// <summary>An entity with more grants is read in pages, by search.</summary>
    private const int MostShown = 10_000;

    public static void MapEntityGrants(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, Upsert).Allow(ApiAccess.Key);
        routes.MapPut(Path, Upsert).Allow(ApiAccess.Key);
        routes.MapGet(Path, Read).Allow(ApiAccess.Key);
        routes.MapDelete(Path, Remove).Allow(ApiAccess.Key);
        routes.MapGet(SearchPath, (ApiRequest request, EntityQueries entities, EntityGrants grants) =>
            Search(ConfigurationSearch.FromQuery(request.Http.Request.Query), request, entities, grants)).Allow(ApiAccess.Key);
        routes.MapPost(SearchPath, async (ApiRequest request, EntityQueries entities, EntityGrants grants) =>
        {
            var body = await RequestBody.ReadObject(request.Http);
            return await Search(body.Refusal ?? ConfigurationSearch.FromBody(body.Value ?? []), request, entities, grants);
        }).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Upsert(Guid entityId, ApiRequest request, EntityQueries entities, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var sent = body.Value!.Wrapped("grant");
        if (sent.Refusal is { } missing) return ErrorResponses.From(missing);
        if (await EntityEndpoints.Find(entityId, request, entities) is not { TenantId: { } tenant }) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return (await grains.Entity(tenant, entityId).Grant(new GrantOnEntity(JsonText.From(sent.Value), request.Actor))).Answer(_ => ContractResults.Empty);
    }

    /// <summary>The grant of one recipient, or all grants on the entity.</summary>
    private static async Task<IResult> Read(Guid entityId, ApiRequest request, EntityQueries entities, EntityGrants grants)
    {
        var recipient = Recipient(request, required: false);
        if (recipient.Refusal is { } wrong) return ErrorResponses.From(wrong);
        if (await EntityEndpoints.Find(entityId, request, entities) is not { } entity) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        if (recipient.Value is { } one)
        {
            return await grants.Find(entityId, one, request.Http.RequestAborted) is { } grant
                ? ContractResults.Wrapped("grant", EntityDisplay.Show(grant, entity, request.Snapshot))
                : ErrorResponses.Empty(StatusCodes.Status404NotFound);
        }

        var (all, total) = await grants.Search(new EntityGrantCriteria(null, entityId, null, null), "insertInstant", false, 0, MostShown, request.Http.RequestAborted);
        return total > MostShown
            ? ErrorResponses.Invalid("[tooMany]grants", $"The entity has more than {MostShown} grants. Read them in pages at {SearchPath}.")
            : ContractResults.Wrapped("grants", new JsonArray([.. all.Select(grant => EntityDisplay.Show(grant, entity, request.Snapshot))]));
    }

    private static async Task<IResult> Remove(Guid entityId, ApiRequest request, EntityQueries entities, IGrainFactory grains)
    {
        var recipient = Recipient(request, required: true);
        if (recipient.Refusal is { } wrong) return ErrorResponses.From(wrong);
        if (await EntityEndpoints.Find(entityId, request, entities) is not { TenantId: { } tenant }) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return (await grains.Entity(tenant, entityId).Revoke(new RevokeOnEntity(recipient.Value!, request.Actor))).Answer(_ => ContractResults.Empty);
    }

    /// <summary>Who the query means; a value of null where it names nobody and need not.</summary>
    private static Outcome<GrantRecipient> Recipient(ApiRequest request, bool required)
    {
        var query = request.Http.Request.Query;
        var (user, entity) = (query.Sent("userId"), query.Sent("recipientEntityId"));
        if (user is null && entity is null && !required) return new Outcome<GrantRecipient>();
        var errors = new Errors("grant");
        if (user is null == entity is null)
            errors.AddField("userId", user is null ? "missing" : "invalid", "Name one recipient: a [userId] or a [recipientEntityId].");
        else if (!Guid.TryParse(user ?? entity, out var id))
            errors.AddField(user is null ? "recipientEntityId" : "userId", "couldNotConvert", "The recipient must be named by a UUID.");
        else
            return new GrantRecipient(user is not null, id);
        return errors.Refusal;
    }

    private static async Task<IResult> Search(Outcome<ConfigurationSearch> asked, ApiRequest request, EntityQueries entities, EntityGrants grants)
    {
        if (asked.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var search = asked.Value!;
        var errors = new Errors("search");
        if (!EntityGrants.CanOrderBy(search.OrderBy))
            errors.Add("orderBy", "invalid", "The [search.orderBy] is entityId, id, insertInstant, lastUpdateInstant, name, recipientEntityId or userId, followed by ASC or DESC.");
        var (entity, user, recipient) = (Criterion(search, "entityId", errors), Criterion(search, "userId", errors), Criterion(search, "recipientEntityId", errors));
        if (user is not null && recipient is not null) errors.Add("userId", "invalid", "A grant has one recipient: search for a [userId] or a [recipientEntityId].");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var holder = (user ?? recipient) is { } id ? new GrantRecipient(user is not null, id) : null;
        var name = search.Criteria.FirstOrDefault(c => c.Member == "name").Value;
        var (page, total) = await grants.Search(
            new EntityGrantCriteria(request.TenantScope, entity, holder, name), search.OrderBy, search.Descending, search.StartRow, search.NumberOfResults, request.Http.RequestAborted);
        var on = (await entities.FindAll([.. page.Select(g => g.EntityId).Distinct()], request.Http.RequestAborted)).ToDictionary(e => e.Id!.Value);
        var shown = page.Where(g => on.ContainsKey(g.EntityId)).Select(g => EntityDisplay.Show(g, on[g.EntityId], request.Snapshot));
        return ContractResults.Json(new JsonObject { ["grants"] = new JsonArray([.. shown]), ["total"] = total });
    }

    private static Guid? Criterion(ConfigurationSearch search, string name, Errors errors)
    {
        if (search.Criteria.FirstOrDefault(c => c.Member == name).Value is not { } text) return null;
        if (Guid.TryParse(text, out var id)) return id;
        errors.Add(name, "couldNotConvert", $"The [search.{name}] must be a UUID.");
        return null;
    }
}
