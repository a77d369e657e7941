using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Entities;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.OAuth;

/// <summary>
/// Token introspection (RFC 7662). Beyond signature and times it asks the user and the session, so a token whose session
/// was revoked is not active any more. A client learns nothing about tokens of others.
/// </summary>
internal static class IntrospectionEndpoint
{
    private static readonly JsonObject Inactive = new() { ["active"] = false };

    public static void MapIntrospection(this IEndpointRouteBuilder routes) => routes.MapPost("/oauth2/introspect", Introspect).Allow(ApiAccess.Anyone);

    private static async Task<IResult> Introspect(HttpContext http, ConfigurationReader configuration, TokenVerifier verifier, IGrainFactory grains, EntityClients entities)
    {
        var read = await OAuthParameters.ReadForm(http);
        if (read.Value is not { } form) return read.Error!;
        var snapshot = configuration.Current;
        if (form["token"] is not { } token) return OAuthError.InvalidRequest("The token is missing.", "missing_token");
        var sent = ClientAuthentication.Read(http, form);
        if (sent.Value is not { } credentials) return sent.Error!;
        if (OAuthClient.Find(snapshot, credentials.ClientId, null) is null && credentials is { ClientId: { } id, Secret: { } secret }
            && await entities.Authenticate(id, secret, http.RequestAborted) is { } entity) return OfEntity(entity, token, snapshot, verifier);
        var caller = ClientAuthentication.Check(credentials, form, snapshot, usesProof: false);
        if (caller.Value is not { } client) return caller.Error!;
        if (verifier.VerifyUnproved(token, snapshot) is not { } access) return new TokenResult(Inactive);

        // The contract answers 401 here, not {"active":false}: the token is another client's business.
        if (access.TenantId != client.Client.Tenant.Id || !IsFor(access.Claims, client.Client.Id)) return OAuthError.InvalidClient("invalid_client_id");
        return await IsAlive(access, grains) ? new ActiveToken(access.Claims) : new TokenResult(Inactive);
    }

    /// <summary>An entity asks about tokens that it asked for itself, and about those that are for it.</summary>
    private static IResult OfEntity(EntityClient entity, string token, ConfigurationSnapshot snapshot, TokenVerifier verifier)
    {
        if (verifier.VerifyOfEntity(token, snapshot) is not { } claims) return new TokenResult(Inactive);
        var id = entity.Id.ToString();
        return claims.GetProperty("tid").ValueEquals(entity.TenantId.ToString()) && (claims.GetProperty("sub").ValueEquals(id) || IsFor(claims, id))
            ? new ActiveToken(claims)
            : OAuthError.InvalidClient("invalid_client_id");
    }

    private static bool IsFor(JsonElement claims, string clientId) => claims.GetProperty("aud") is var audience && audience.ValueKind == JsonValueKind.Array
        ? audience.EnumerateArray().Any(a => a.ValueEquals(clientId))
        : audience.ValueEquals(clientId);

    private static async Task<bool> IsAlive(AccessToken access, IGrainFactory grains)
    {
        var user = await grains.User(access.TenantId, access.UserId).Subject(new ReadSubject(access.ApplicationId, TokenIds.IssuedAt(access.Claims)));
        if (user.Value is null) return false;
        return SessionOf(access.Claims) is not { } session || await grains.Session(access.TenantId, session).Read() is not null;
    }

    /// <summary>The refresh token that the access token came with; its end is the end of both.</summary>
    private static Guid? SessionOf(JsonElement claims)
    {
        if (!claims.TryGetProperty("sid", out var sid) || !sid.TryGetGuid(out var session)) return null;
        return !claims.TryGetProperty("scope", out var scope) || ScopeList.Parse(scope.GetString()).Contains(Scopes.OfflineAccess) ? session : null;
    }

    /// <summary>The claims as they are, behind <c>active</c>.</summary>
    private sealed class ActiveToken(JsonElement claims) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var body = new System.Buffers.ArrayBufferWriter<byte>(1024);
            using (var json = new Utf8JsonWriter(body))
            {
                json.WriteStartObject();
                json.WriteBoolean("active", true);
                foreach (var claim in claims.EnumerateObject()) claim.WriteTo(json);
                json.WriteEndObject();
            }

            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = body.WrittenCount;
            await httpContext.Response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
        }
    }
}
