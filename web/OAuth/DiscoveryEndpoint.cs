using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.OAuth;

/// <summary>
/// What the server can do, for clients that find out by themselves: OpenID Connect Discovery and RFC 8414, per tenant. The
/// addresses come from settings, never from the request.
/// </summary>
internal static class DiscoveryEndpoint
{
    private const string CacheControl = "public, max-age=300";

    public static void MapDiscovery(this IEndpointRouteBuilder routes)
    {
        foreach (var name in (string[])["openid-configuration", "oauth-authorization-server"])
        {
            routes.MapGet($"/.well-known/{name}", DescribeByQuery).Allow(ApiAccess.Anyone);
            routes.MapGet($"/.well-known/{name}/{{pathTenantId:guid}}", DescribeByPath).Allow(ApiAccess.Anyone);
            routes.MapGet($"/{{pathTenantId:guid}}/.well-known/{name}", DescribeByPath).Allow(ApiAccess.Anyone);
        }
    }

    /// <summary>Of the tenant in the query, or else of the default tenant.</summary>
    private static IResult DescribeByQuery(string? tenantId, HttpContext http, ConfigurationReader configuration, PublicAddress address)
    {
        var named = Guid.TryParse(tenantId, out var id) ? id : (Guid?)null;
        return string.IsNullOrEmpty(tenantId)
            ? Describe(configuration.Current.Find<Application>(WellKnown.AdministrationApplication)?.TenantId, http, configuration.Current, address)
            : Describe(named, http, configuration.Current, address);
    }

    private static IResult DescribeByPath(Guid pathTenantId, HttpContext http, ConfigurationReader configuration, PublicAddress address) =>
        Describe(pathTenantId, http, configuration.Current, address);

    private static IResult Describe(Guid? tenantId, HttpContext http, ConfigurationSnapshot snapshot, PublicAddress address)
    {
        if (snapshot.Find<Tenant>(tenantId) is not { State: ObjectState.Active } tenant) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        http.Response.Headers.CacheControl = CacheControl;
        return ContractResults.Json(Metadata(tenant, snapshot, address));
    }

    private static JsonObject Metadata(Tenant tenant, ConfigurationSnapshot snapshot, PublicAddress address)
    {
        var (origin, algorithms) = (address.OriginOf(tenant), Algorithms(snapshot));
        return new JsonObject
        {
            ["issuer"] = address.Issuer(tenant),
            ["authorization_endpoint"] = $"{origin}/oauth2/authorize",
            ["token_endpoint"] = $"{origin}/oauth2/token",
            ["userinfo_endpoint"] = $"{origin}/oauth2/userinfo",
            ["jwks_uri"] = $"{origin}/{tenant.Id}/.well-known/jwks.json",
            ["end_session_endpoint"] = $"{origin}/oauth2/logout",
            ["introspection_endpoint"] = $"{origin}/oauth2/introspect",
            ["revocation_endpoint"] = $"{origin}/oauth2/revoke",
            ["device_authorization_endpoint"] = $"{origin}/oauth2/device_authorize",
            ["pushed_authorization_request_endpoint"] = $"{origin}/oauth2/par",
            ["response_types_supported"] = Names("code", "id_token", "token id_token"),
            ["response_modes_supported"] = Names("query", "fragment", "form_post"),
            ["grant_types_supported"] = Names(
                GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.ClientCredentials, GrantTypes.DeviceCode, GrantTypes.Password, GrantTypes.Implicit),
            ["scopes_supported"] = Names(Scopes.OpenId, Scopes.OfflineAccess, Scopes.Profile, Scopes.Email, Scopes.Phone, Scopes.Address),
            ["subject_types_supported"] = Names("public"),
            ["id_token_signing_alg_values_supported"] = algorithms,
            ["userinfo_signing_alg_values_supported"] = Names("none"),
            ["token_endpoint_auth_methods_supported"] = Names("client_secret_basic", "client_secret_post", "none"),
            ["introspection_endpoint_auth_methods_supported"] = Names("client_secret_basic", "client_secret_post"),
            ["revocation_endpoint_auth_methods_supported"] = Names("client_secret_basic", "client_secret_post", "none"),
            ["code_challenge_methods_supported"] = Names("S256"),
            ["dpop_signing_alg_values_supported"] = Names([.. ProofKey.Algorithms]),
            ["prompt_values_supported"] = Names("none", "login", "consent", "select_account"),
            ["claims_supported"] = Names(
                "sub", "iss", "aud", "exp", "iat", "auth_time", "amr", "nonce", "sid", "email", "email_verified", "name", "given_name", "middle_name", "family_name",
                "preferred_username", "picture", "birthdate", "zoneinfo", "locale", "updated_at", "phone_number", "phone_number_verified", "address", "applicationId", "roles", "tid"),
            ["claims_parameter_supported"] = false,
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
            ["authorization_response_iss_parameter_supported"] = true,
            ["backchannel_logout_supported"] = true,
            ["backchannel_logout_session_supported"] = true,
            ["frontchannel_logout_supported"] = true,
            ["frontchannel_logout_session_supported"] = true,
            ["ui_locales_supported"] = Names("en", "de"),
        };
    }

    /// <summary>RS256 is always named, as the specification wants it; what signs is in the key set.</summary>
    private static JsonArray Algorithms(ConfigurationSnapshot snapshot) => Names(
    [
        .. snapshot.All<Key>().Where(k => k.HasPrivateKey && k.Algorithm.IsAsymmetric()).Select(k => k.Algorithm.JoseName())
            .Append("RS256").Append("HS256").Distinct().Order(StringComparer.Ordinal),
    ]);

    private static JsonArray Names(params string[] names) => new([.. names.Select(name => (JsonNode)name)]);
}
