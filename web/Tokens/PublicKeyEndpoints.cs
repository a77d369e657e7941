using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.Tokens;

/// <summary>The public halves of the keys, for those who verify tokens.</summary>
internal static class PublicKeyEndpoints
{
    /// <summary>How long others may keep the keys. A new key is published before it signs, so this may be minutes.</summary>
    private const string CacheControl = "public, max-age=300";

    public static void MapPublicKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/jwt/public-key", PublicKey).Allow(ApiAccess.Anyone);
        routes.MapGet("/.well-known/jwks.json", KeySet).Allow(ApiAccess.Anyone);

        // Keys belong to no tenant, so every tenant's set is the same.
        routes.MapGet("/{tenantId:guid}/.well-known/jwks.json", KeySet).Allow(ApiAccess.Anyone);
    }

    /// <summary>As PEM: all of them by key id, or the one of an application or key id.</summary>
    private static IResult PublicKey(Guid? applicationId, string? kid, ApiRequest request)
    {
        if (applicationId is null && kid is null)
        {
            var all = new JsonObject();
            foreach (var key in request.Snapshot.All<Key>().Where(k => k is { PublicKey: not null, Kid: not null }).OrderBy(k => k.Kid, StringComparer.Ordinal))
                all[key.Kid!] = key.PublicKey;
            return ContractResults.Wrapped("publicKeys", all);
        }

        var wanted = kid is not null ? request.Snapshot.FindByKid(kid)?.Key : OfApplication(applicationId!.Value, request.Snapshot);
        return wanted?.PublicKey is { } pem ? ContractResults.Wrapped("publicKey", pem) : ErrorResponses.Empty(StatusCodes.Status404NotFound);
    }

    private static Key? OfApplication(Guid applicationId, ConfigurationSnapshot snapshot) =>
        snapshot.Find<Application>(applicationId)?.TenantId is { } tenantId && TokenSettings.Find(snapshot, tenantId, applicationId) is { } settings
            ? snapshot.Find<Key>(settings.AccessTokenKeyId)
            : null;

    /// <summary>JSON Web Key Set (RFC 7517 section 5).</summary>
    private static IResult KeySet(ApiRequest request)
    {
        request.Http.Response.Headers.CacheControl = CacheControl;
        return Results.Bytes(request.Snapshot.Derive(WriteKeySet), "application/json");
    }

    private static byte[] WriteKeySet(ConfigurationSnapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys");
            foreach (var key in snapshot.All<Key>().OrderBy(k => k.InsertInstant).ThenBy(k => k.Id))
                if (SigningKeys.Of(key) is { } signing) JsonWebKey.Write(json, signing.Material);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
