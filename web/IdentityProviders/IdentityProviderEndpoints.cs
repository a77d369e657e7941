using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.IdentityProviders;

/// <summary>Identity providers as configuration, and which one has the people of a domain.</summary>
internal static class IdentityProviderEndpoints
{
    private const string Path = "/api/identity-provider";

    private static readonly ConfigurationRoutes Providers = new(Families.IdentityProviders, Path)
    {
        Sees = Sees,
        Matches = (value, name, text) => name switch
        {
            "applicationId" => Guid.TryParse(text, out var application) && ((IdentityProvider)value).ApplicationConfiguration.ContainsKey(application),
            "tenantId" => Guid.TryParse(text, out var tenant) && ((IdentityProvider)value).TenantId == tenant,
            _ => null,
        },
    };

    public static void MapIdentityProviders(this IEndpointRouteBuilder routes)
    {
        Providers.MapCreate(routes).MapRead(routes).MapSearch(routes).MapReplace(routes).MapPatch(routes).MapRemove(routes);
        Providers.MapList(routes, (value, request) => request.Http.Request.Query.Sent("type") is not { } type || ((IdentityProvider)value).Type?.ToString() == type);
        routes.MapGet(Path + "/lookup", Lookup).Allow(ApiAccess.Key);
        routes.MapPost(Path + "/start", Start).Allow(ApiAccess.Key);
    }

    /// <summary>A key of one tenant has the providers of this tenant alone; for everybody else a named tenant leaves its own and those of all.</summary>
    private static bool Sees(ConfigurationObject value, ApiRequest request)
    {
        var provider = (IdentityProvider)value;
        if (request.Key?.TenantId is { } own) return provider.TenantId == own;
        return request.TenantScope is not { } scope || provider.TenantId is null || provider.TenantId == scope;
    }

    /// <summary>The provider that manages a domain: the tenant's own before one of all.</summary>
    private static IResult Lookup(ApiRequest request)
    {
        var query = request.Http.Request.Query;
        var tenant = Guid.TryParse(query.Sent("tenantId"), out var named) ? named : request.TenantScope;
        if (query.Sent("domain") is not { } asked) return ErrorResponses.From(Refusal.Invalid(ContractError.At("domain", "missing", "The [domain] must be given: a domain or an address.")));
        var domain = ProviderChoice.DomainOf(asked) ?? asked.Trim().ToLowerInvariant();
        var found = request.Snapshot.All<IdentityProvider>()
            .Where(p => p.Enabled && p.Domains.Contains(domain) && (p.TenantId is null || p.TenantId == tenant) && request.Sees(p.TenantId))
            .OrderBy(p => p.TenantId is null).FirstOrDefault();
        return found is null ? ErrorResponses.Empty(StatusCodes.Status404NotFound) : ContractResults.Wrapped(Families.IdentityProviders.Name, Details(found));
    }

    private static JsonObject Details(IdentityProvider provider)
    {
        var shown = new JsonObject
        {
            ["applicationIds"] = new JsonArray([.. provider.ApplicationConfiguration.Where(a => a.Value.Enabled).Select(a => a.Key).Order().Select(id => JsonValue.Create(id))]),
            ["id"] = provider.Id,
            ["name"] = provider.Name,
            ["oauth2"] = ContractJson.ToNode(provider.OAuth2 with { ClientSecret = null }),
            ["type"] = provider.Type?.ToString(),
        };
        if (provider.TenantId is { } tenant) shown["tenantId"] = tenant;
        return shown;
    }

    /// <summary>Logins that begin by a call are those of types that this version does not serve; OpenID Connect begins in a browser.</summary>
    private static async Task<IResult> Start(ApiRequest request)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var id = sent.Id("identityProviderId", errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (id is not { } provider || Providers.Find(provider, request) is null)
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("identityProviderId", id is null ? "missing" : "invalid", "The [identityProviderId] must be the Id of an identity provider.")));
        return ErrorResponses.From(Refusal.Invalid(ContractError.At("identityProviderId", "invalid", "A login with OpenID Connect is not started by this call: send the browser to /oauth2/authorize with an idp_hint.")));
    }
}
