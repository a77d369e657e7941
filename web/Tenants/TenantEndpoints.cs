using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Tenants;

/// <summary>Tenants.</summary>
internal static class TenantEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.Tenants, "/api/tenant")
    {
        SourceMember = "sourceTenantId",
        Sees = (value, request) => request.Sees(value.Id),
        Prepare = (_, body, request) => TenantWebhooks.Check(body, request),
        Stored = (value, request) => TenantWebhooks.Give(value.Id, request),
    };

    public static void MapTenants(this IEndpointRouteBuilder routes)
    {
        Routes.MapRead(routes).MapList(routes).MapReplace(routes).MapPatch(routes);
        // A key that is bound to a tenant has no business outside of it, so it makes no others.
        Routes.MapCreate(routes.MapGroup("").AddEndpointFilter(async (context, next) =>
            ApiRequest.Of(context.HttpContext).Key is { TenantId: null } ? await next(context) : ErrorResponses.Empty(StatusCodes.Status401Unauthorized)));
        // A tenant's key must not list the neighbours, and neither must a request that already says which tenant it means.
        Routes.MapSearch(routes.MapGroup("").AddEndpointFilter(async (context, next) =>
            ApiRequest.Of(context.HttpContext).TenantScope is null ? await next(context) : ErrorResponses.Empty(StatusCodes.Status401Unauthorized)));
        routes.MapDelete("/api/tenant/{id:guid}", Remove).Allow(ApiAccess.Key);
        routes.MapGet("/api/tenant/password-validation-rules", (ApiRequest request) => PasswordRules(null, request)).Allow(ApiAccess.Anyone);
        routes.MapGet("/api/tenant/password-validation-rules/{tenantId:guid}", (Guid tenantId, ApiRequest request) => PasswordRules(tenantId, request)).Allow(ApiAccess.Anyone);
    }

    /// <summary>Deletes a tenant with everything in it; with <c>async</c>, in the query or the body, the answer comes at once and the work goes on behind it.</summary>
    private static async Task<IResult> Remove(Guid id, ApiRequest request, IGrainFactory grains)
    {
        if (Routes.Find(id, request) is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("tenant");
        var later = sent.Flag("async", errors, request.Http.Request.Query["async"] == "true");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var outcome = await grains.TenantRemoval(id).Remove(new RemoveTenant(later, request.Actor));
        if (outcome.Value is { } removal) await request.Saw(removal);
        return outcome.Answer(_ => later ? ErrorResponses.Empty(StatusCodes.Status202Accepted) : ContractResults.Empty);
    }

    /// <summary>What a new password must look like, for pages that help people choose one.</summary>
    private static IResult PasswordRules(Guid? tenantId, ApiRequest request)
    {
        Outcome<Guid> id = tenantId is { } named ? named : request.RequireTenant();
        if (id.Refusal is { } refusal) return ErrorResponses.From(refusal);
        return request.Snapshot.Find<Tenant>(id.Value) is { } tenant
            ? ContractResults.Wrapped("passwordValidationRules", ContractJson.ToNode(tenant.PasswordValidationRules))
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);
    }
}
