using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.IdentityProviders;
using OrleansAuth.Storage.Users;
using OrleansAuth.Users;

namespace OrleansAuth.IdentityProviders;

/// <summary>Links of users with persons of identity providers, and what is pending.</summary>
internal static class LinkEndpoints
{
    private const string Path = "/api/identity-provider/link";
    private const string Member = "identityProviderLink";

    public static void MapIdentityProviderLinks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, Link).Allow(ApiAccess.Key);
        routes.MapGet(Path, Read).Allow(ApiAccess.Key);
        routes.MapDelete(Path, Unlink).Allow(ApiAccess.Key);
        routes.MapGet(Path + "/pending/{pendingLinkId}", ReadPending).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Link(ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var wrapped = sent.Wrapped(Member);
        if (wrapped.Value is not { } link) return ErrorResponses.From(wrapped.Refusal!);
        var errors = new Errors(Member);
        var (userId, providerId, pending) = (link.Id("userId", errors, inside: true), link.Id("identityProviderId", errors, inside: true), sent.Text("pendingIdPLinkId", errors));
        var (subject, displayName) = (link.Text("identityProviderUserId", errors), link.Text("displayName", errors));
        if (userId is null && !errors.Any) errors.Add("userId", "blank", "The [identityProviderLink.userId] must not be blank.");
        var provider = Find(providerId, request);
        if (pending is null)
        {
            if (provider is null) errors.Add("identityProviderId", providerId is null ? "blank" : "invalid", "The [identityProviderLink.identityProviderId] must be the Id of an identity provider.");
            errors.Required(subject, "identityProviderUserId", FederatedIdentity.LongestSubject);
        }

        errors.NotLonger(displayName, "displayName", 191);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await users.Find(userId!.Value, request) is not { } found)
            return ErrorResponses.From(Refusal.Invalid(ContractError.At($"{Member}.userId", "invalid", $"There is no user with the Id [{userId}].")));
        var identity = pending is null ? new FederatedIdentity(provider!.Id, provider.OAuth2.Issuer!, subject!) { DisplayName = displayName } : null;
        var linked = await grains.UserLinks(found.User.TenantId, found.User.Id).Link(new LinkUser(identity, request.Actor) { PendingLinkId = pending });
        return linked.Answer(Show);
    }

    /// <summary>One link by provider and its name for the person, or the links of a user.</summary>
    private static async Task<IResult> Read(ApiRequest request, UserLookup users, LinkQueries links)
    {
        var query = request.Http.Request.Query;
        var (providerId, subject) = (Guid.TryParse(query.Sent("identityProviderId"), out var provider) ? provider : (Guid?)null, query.Sent("identityProviderUserId"));
        if (Guid.TryParse(query.Sent("userId"), out var userId))
        {
            if (await users.Find(userId, request) is not { } found) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
            var shown = Shown(found.User, await links.Of(userId, request.Http.RequestAborted), request, providerId).Where(link => subject is null || (string?)link["identityProviderUserId"] == subject).ToList();
            if (subject is null) return ContractResults.Json(new JsonObject { ["identityProviderLinks"] = new JsonArray([.. shown]) });
            return shown is [var only] ? ContractResults.Wrapped(Member, only) : ErrorResponses.Empty(StatusCodes.Status404NotFound);
        }

        if (subject is null || Find(providerId, request) is not { } named)
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("userId", "missing", "Say whose links: [userId], or [identityProviderId] and [identityProviderUserId].")));
        var tenant = request.RequireTenant();
        if (tenant.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);
        if (await links.FindUser(tenant.Value, named, named.OAuth2.Issuer!, subject, request.Http.RequestAborted) is not { } owner || await users.Find(owner, request) is not { } user)
            return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return Shown(user.User, await links.Of(owner, request.Http.RequestAborted), request, providerId).FirstOrDefault(link => (string?)link["identityProviderUserId"] == subject) is { } one
            ? ContractResults.Wrapped(Member, one)
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Unlink(ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        var query = request.Http.Request.Query;
        var (providerId, userId, subject) = (Guid.TryParse(query.Sent("identityProviderId"), out var provider) ? provider : (Guid?)null, Guid.TryParse(query.Sent("userId"), out var user) ? user : (Guid?)null, query.Sent("identityProviderUserId"));
        var errors = new Errors("");
        if (providerId is null) errors.AddField("identityProviderId", "missing", "The [identityProviderId] must be a UUID.");
        if (userId is null) errors.AddField("userId", "missing", "The [userId] must be a UUID.");
        if (subject is null) errors.AddField("identityProviderUserId", "missing", "The [identityProviderUserId] must be given.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (await users.Find(userId!.Value, request) is not { } found) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var gone = await grains.UserLinks(found.User.TenantId, found.User.Id).Unlink(new UnlinkUser(providerId!.Value, subject!, request.Actor));
        return gone.Answer(Show);
    }

    private static async Task<IResult> ReadPending(string pendingLinkId, ApiRequest request, LinkQueries links, UserLookup users)
    {
        if (await links.FindPending(pendingLinkId, request.TenantScope, request.Now.ToUnixTimeMilliseconds(), request.Http.RequestAborted) is not { } pending
            || request.Snapshot.Find<IdentityProvider>(pending.Content.ProviderId) is not { } provider || provider.InsertInstant != pending.Content.ProviderInstant)
            return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var configuration = provider.TenantConfiguration.GetValueOrDefault(pending.TenantId) is { } own ? ContractJson.ToNode(own) : null;
        var shown = new JsonObject
        {
            ["displayName"] = pending.Content.DisplayName,
            ["email"] = pending.Content.Email,
            ["identityProviderId"] = provider.Id,
            ["identityProviderName"] = provider.Name,
            ["identityProviderType"] = provider.Type?.ToString(),
            ["identityProviderUserId"] = pending.Content.Subject,
            ["username"] = pending.Content.Username,
        };
        foreach (var (name, _) in shown.Where(m => m.Value is null).ToList()) shown.Remove(name);
        var answer = new JsonObject { ["linkCount"] = 0, ["pendingIdPLink"] = shown };
        if (configuration is not null) (answer["identityProviderTenantConfiguration"], shown["identityProviderTenantConfiguration"]) = (configuration, configuration.DeepClone());
        if (!Guid.TryParse(request.Http.Request.Query.Sent("userId"), out var userId)) return ContractResults.Json(answer);
        if (await users.Find(userId, request) is not { } found || found.User.TenantId != pending.TenantId) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var held = Shown(found.User, await links.Of(userId, request.Http.RequestAborted), request, provider.Id).ToList();
        (answer["linkCount"], shown["identityProviderLinks"], shown["user"]) = (held.Count, new JsonArray([.. held]), UserLookup.Show(found, request));
        return ContractResults.Json(answer);
    }

    /// <summary>The provider, where the request's tenant has it: its own, or one of all.</summary>
    private static IdentityProvider? Find(Guid? id, ApiRequest request) => request.Snapshot.Find<IdentityProvider>(id) is { } provider && request.Sees(provider.TenantId) ? provider : null;

    /// <summary>Links of providers as they are now; others mean nothing any more.</summary>
    private static IEnumerable<JsonObject> Shown(StoredUser user, StoredLinks? held, ApiRequest request, Guid? providerId) =>
        (held?.TenantId == user.TenantId ? held.Links : []).Where(link => providerId is null || link.ProviderId == providerId)
            .Select(link => request.Snapshot.Find<IdentityProvider>(link.ProviderId) is { } provider && link.IsOf(provider) ? LinkDisplay.Show(user.TenantId, user.Id, link, provider) : null).OfType<JsonObject>();

    private static IResult Show(LinkView view) => ContractResults.Wrapped(Member, view.Link.Read<JsonObject>());
}
