using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Routing.Patterns;
using OrleansAuth.Keys;
using OrleansAuth.OAuth;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Tenants;

namespace OrleansAuth.Common;

/// <summary>
/// Decides before any handler whether the caller may be here, and in which tenant. Whatever is wrong with a key, the
/// answer is the same 401 with an empty body.
/// </summary>
internal sealed class ApiAuthentication(RequestDelegate next, ConfigurationReader configuration, IAccessTokenVerifier tokens, DpopProofs proofs, Clock clock)
{
    private const string Bearer = "Bearer ";
    private const string ByProof = "DPoP ";

    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<ApiAccessMetadata>() is not { } required)
        {
            await next(http);
            return;
        }

        var snapshot = configuration.Current;
        var key = FindKey(http, snapshot, endpoint);
        var token = key is null && required.Access is not ApiAccess.Key ? await FindToken(http, snapshot, required.Access) : null;
        var tenant = NamedTenant(http, snapshot, out var header);

        // A token is good in its own tenant only.
        if (tenant is { } meant && token?.TenantId != meant) token = null;
        var allowed = required.Access switch
        {
            ApiAccess.Key => key is not null,
            ApiAccess.KeyOrToken => key is not null || token is not null,
            ApiAccess.Token => token is not null,
            _ => true,
        };
        if (!allowed || (key?.TenantId is { } owner && tenant is { } named && named != owner))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (header is not null && tenant is null)
        {
            await ErrorResponses.From(Refusal.Invalid(ContractError.General(
                "[invalid]tenantId", $"The {ApiRequest.TenantHeader} header does not name a tenant."))).ExecuteAsync(http);
            return;
        }

        http.Items[typeof(ApiRequest)] = new ApiRequest(http, configuration, snapshot, clock) { Key = key, Token = token, TenantScope = tenant ?? key?.TenantId };
        await next(http);
    }

    private static Guid? NamedTenant(HttpContext http, ConfigurationSnapshot snapshot, out string? header)
    {
        header = http.Request.Headers[ApiRequest.TenantHeader].FirstOrDefault() is { Length: > 0 } text ? text : null;
        return Guid.TryParse(header, out var id) && snapshot.Find<Tenant>(id) is { State: ObjectState.Active } tenant ? tenant.Id : null;
    }

    private ApiKey? FindKey(HttpContext http, ConfigurationSnapshot snapshot, RouteEndpoint endpoint)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length is 0 or > 1024 || header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || header.StartsWith(ByProof, StringComparison.OrdinalIgnoreCase)) return null;
        if (endpoint.Metadata.GetMetadata<BasicKey>() is not null) header = BasicKey.Unwrap(header);
        var key = snapshot.Derive(KeysByHash).GetValueOrDefault(Hash(header));
        if (key is null || (key.ExpirationInstant is { } end && end <= clock.Now)) return null;
        if (key.TenantId is { } tenantId && snapshot.Find<Tenant>(tenantId) is not { State: ObjectState.Active }) return null;
        return Permits(key, endpoint.RoutePattern, http.Request.Method) ? key : null;
    }

    private static bool Permits(ApiKey key, RoutePattern route, string method)
    {
        if (key.Permissions.Endpoints.IsEmpty) return true;
        return key.Permissions.Endpoints.TryGetValue(BasePath(route), out var methods) && methods.Contains(method, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Permissions name a path without its parameters: <c>/api/user/{userId}</c> is <c>/api/user</c>.</summary>
    public static string BasePath(RoutePattern route) => string.Concat(route.PathSegments
        .Select(segment => segment.Parts is [RoutePatternLiteralPart literal] ? "/" + literal.Content : ""));

    private async Task<AccessToken?> FindToken(HttpContext http, ConfigurationSnapshot snapshot, ApiAccess access)
    {
        var header = http.Request.Headers.Authorization.ToString();
        // A proof is good once, so where anybody may be, it is left to the handler.
        if (header.StartsWith(ByProof, StringComparison.OrdinalIgnoreCase)) return access is ApiAccess.Anyone ? null : await FindBoundToken(header[ByProof.Length..].Trim(), http, snapshot);
        var token = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : http.Request.Cookies["access_token"];
        return string.IsNullOrEmpty(token) ? null : tokens.Verify(token, snapshot);
    }

    /// <summary>A token that is bound to a key, with the proof that the caller has it (RFC 9449, section 7.1).</summary>
    private async Task<AccessToken?> FindBoundToken(string token, HttpContext http, ConfigurationSnapshot snapshot)
    {
        var error = "invalid_token";
        if (tokens.VerifyUnproved(token, snapshot) is { Thumbprint: { } bound } access)
        {
            var proof = await proofs.Check(http, token);
            if (proof.Thumbprint == bound) return access;
            if (proof.Error is not null || proof.Thumbprint is null) error = DpopProofs.Missing.Error;
        }

        http.Response.Headers.WWWAuthenticate = DpopProofs.Challenge(error);
        return null;
    }

    /// <summary>Keys are found by their hash, so that the time of a look-up says nothing about a key.</summary>
    private static FrozenDictionary<string, ApiKey> KeysByHash(ConfigurationSnapshot snapshot) =>
        snapshot.All<ApiKey>().Where(k => k.Key is not null).ToFrozenDictionary(k => Hash(k.Key!));

    private static string Hash(string key) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
