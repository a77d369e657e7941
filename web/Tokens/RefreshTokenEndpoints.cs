using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Tokens;

/// <summary>Refresh tokens to look at and to revoke. Revoking what is not there is no error.</summary>
internal static class RefreshTokenEndpoints
{
    public static void MapRefreshTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/jwt/refresh", List).Allow(ApiAccess.KeyOrToken);
        routes.MapGet("/api/jwt/refresh/{tokenId:guid}", Read).Allow(ApiAccess.Key);
        routes.MapDelete("/api/jwt/refresh", Revoke).Allow(ApiAccess.KeyOrToken);
        routes.MapDelete("/api/jwt/refresh/{tokenId:guid}", RevokeById).Allow(ApiAccess.KeyOrToken);
    }

    private static async Task<IResult> List(Guid? userId, ApiRequest request, SessionReader sessions, Clock clock)
    {
        // Users see their own, whatever they ask for.
        if ((request.Token?.UserId ?? userId) is not { } owner)
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("userId", "blank", "The [userId] must not be blank.")));
        var found = await sessions.OfUser(owner, request.Snapshot, clock.Now, request.Http.RequestAborted);
        return ContractResults.Json(new JsonObject
        {
            ["refreshTokens"] = new JsonArray([.. found.Where(s => Sees(request, s)).Select(s => s.Shown)]),
        });
    }

    private static async Task<IResult> Read(Guid tokenId, ApiRequest request, SessionReader sessions, Clock clock) =>
        await sessions.Find(tokenId, request.Snapshot, clock.Now, request.Http.RequestAborted) is { } session && Sees(request, session)
            ? ContractResults.Wrapped("refreshToken", session.Shown)
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    private static async Task<IResult> RevokeById(Guid tokenId, ApiRequest request, IGrainFactory grains, SessionReader sessions, PublicAddress address, Clock clock)
    {
        if (await sessions.Find(tokenId, request.Snapshot, clock.Now, request.Http.RequestAborted) is not { } session || !request.Sees(session.TenantId)) return ContractResults.Empty;
        if (!Sees(request, session)) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
        return session.Kind == SessionKinds.SingleSignOn
            ? await End(grains.SignOn(session.TenantId, tokenId), session, request, address)
            : await End(grains.Session(session.TenantId, tokenId), new RevokeSession(request.Actor));
    }

    private static async Task<IResult> Revoke(ApiRequest request, IGrainFactory grains, SessionReader sessions, IStoreReader store)
    {
        var body = await ReadScope(request.Http);
        if (body.Value is not { } scope) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var token = scope.Text("token", errors);
        var (userId, applicationId) = (scope.Id("userId", errors), scope.Id("applicationId", errors));
        if (token is null && userId is null && applicationId is null && !errors.Any)
            errors.AddGeneral("[missing]", "Say what to revoke: a token, a userId, an applicationId, or a userId with an applicationId.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (token is not null) return await RevokeToken(token, request, grains, sessions);

        // Wholesale revocation is for keys; a token's user logs out instead.
        if (request.Key is null) return ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
        if (applicationId is { } id && (request.Snapshot.Find<Application>(id) is not { } application || !request.Sees(application.TenantId)))
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("applicationId", "invalid", $"There is no application with the Id [{id}].")));
        return userId is { } user ? await RevokeOfUser(user, applicationId, request, grains, store) : await RevokeOfApplication(applicationId!.Value, request, grains);
    }

    private static async Task<IResult> RevokeToken(string token, ApiRequest request, IGrainFactory grains, SessionReader sessions)
    {
        if (await PresentedToken.Find(token, request, grains, sessions) is not { } session) return ContractResults.Empty;
        var command = new RevokeSession(request.Actor) { Token = token, UserId = request.Token?.UserId };
        return await End(session, command);
    }

    private static async Task<IResult> RevokeOfUser(Guid userId, Guid? applicationId, ApiRequest request, IGrainFactory grains, IStoreReader store)
    {
        var state = await store.Read(UserKeys.State(userId), request.Http.RequestAborted);
        if (state is null || StoredUser.Read(state.Body).TenantId is var tenantId && !request.Sees(tenantId)) return ContractResults.Empty;
        var outcome = await grains.User(StoredUser.Read(state.Body).TenantId, userId).RevokeSessions(new RevokeUserSessions(applicationId, request.Actor));
        return outcome.Refusal is { Kind: not RefusalKind.NotFound } refusal ? ErrorResponses.From(refusal) : ContractResults.Empty;
    }

    /// <summary>One instant in the configuration ends them all; the first time it is created, later it is moved.</summary>
    private static async Task<IResult> RevokeOfApplication(Guid applicationId, ApiRequest request, IGrainFactory grains)
    {
        var tenantId = request.Snapshot.Find<Application>(applicationId)!.TenantId;
        var grain = grains.Configuration(Families.ApplicationSessions, applicationId);
        var nothing = JsonText.From(new JsonObject());
        var outcome = request.Snapshot.Find<ApplicationSessions>(applicationId) is null
            ? await grain.Create(new CreateConfiguration(nothing, tenantId, null, request.Actor))
            : await grain.Change(new ChangeConfiguration(ChangeKind.MergePatch, nothing, tenantId, request.Actor));
        if (outcome.Refusal is { Kind: RefusalKind.Invalid })
            outcome = await grain.Change(new ChangeConfiguration(ChangeKind.MergePatch, nothing, tenantId, request.Actor));
        if (outcome.Value is { } view) await request.Saw(view);
        return outcome.Answer(_ => ContractResults.Empty);
    }

    /// <summary>A single sign-on session ends, and its applications are told.</summary>
    private static async Task<IResult> End(ISignOnGrain signOn, ListedSession session, ApiRequest request, PublicAddress address)
    {
        var issuer = request.Snapshot.Find<Tenant>(session.TenantId) is { } tenant ? address.Issuer(tenant) : null;
        var outcome = await signOn.End(new EndSignOn(null, request.Token?.UserId, request.Actor) { Issuer = issuer });
        return outcome.Refusal is { Kind: RefusalKind.NotFound } ? ContractResults.Empty : outcome.Answer(_ => ContractResults.Empty);
    }

    private static async Task<IResult> End(ISessionGrain session, RevokeSession command)
    {
        var outcome = await session.Revoke(command);
        if (outcome.Refusal is { Kind: RefusalKind.NotFound }) return command.UserId is null ? ContractResults.Empty : ErrorResponses.Empty(StatusCodes.Status401Unauthorized);
        return outcome.Answer(_ => ContractResults.Empty);
    }

    /// <summary>What to revoke, from the query, a form, or a JSON body.</summary>
    private static async Task<Outcome<JsonObject>> ReadScope(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : null;
        var body = form is null ? await RequestBody.ReadObject(http) : new JsonObject();
        if (body.Value is not { } scope) return body;
        foreach (var name in (string[])["token", "userId", "applicationId"])
        {
            if ((http.Request.Query[name].FirstOrDefault() ?? form?[name].FirstOrDefault()) is { Length: > 0 } value) scope[name] = value;
        }

        return scope;
    }

    private static bool Sees(ApiRequest request, ListedSession session) =>
        request.Sees(session.TenantId) && (request.Token is not { } token || (token.UserId == session.UserId && token.TenantId == session.TenantId));
}
