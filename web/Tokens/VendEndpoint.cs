using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Tenants;

namespace OrleansAuth.Tokens;

/// <summary>
/// Tokens whose claims the holder of an API key chooses. Issuer and tenant are the server's to say, and the header marks
/// such a token, so that it never counts as a login.
/// </summary>
internal static class VendEndpoint
{
    public static void MapVend(this IEndpointRouteBuilder routes) => routes.MapPost("/api/jwt/vend", Vend).Allow(ApiAccess.Key);

    private static async Task<IResult> Vend(ApiRequest request, TokenIssuer issuer, PublicAddress address, Clock clock)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var tenantId = request.RequireTenant();
        if (tenantId.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);
        if (TokenSettings.Find(request.Snapshot, tenantId.Value, null) is not { } settings) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var errors = new Errors("");
        var keyId = sent.Id("keyId", errors);
        var lifetime = sent.Number("timeToLiveInSeconds", errors) ?? settings.Jwt.TimeToLiveInSeconds;
        if (lifetime is < 1 or > int.MaxValue) errors.AddField("timeToLiveInSeconds", "invalid", "The [timeToLiveInSeconds] must be at least 1.");
        if (sent["claims"] is not (null or JsonObject)) errors.AddField("claims", "couldNotConvert", "The [claims] must be a JSON object.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var key = keyId is { } id ? Find(id, request, clock) : issuer.KeyFor(request.Snapshot, settings.Tenant.Id, null);
        return key.Answer(signing =>
        {
            var claims = Claims(sent["claims"] as JsonObject ?? [], settings.Tenant, address, clock.UtcNow.ToUnixTimeSeconds(), lifetime);
            TokenMetrics.CountIssued("vended");
            return ContractResults.Json(new JsonObject { ["token"] = Jws.Sign(signing.Header(TokenVerifier.Vended), Encoding.UTF8.GetBytes(claims.ToJsonString()), signing.Material) });
        });
    }

    private static JsonObject Claims(JsonObject chosen, Tenant tenant, PublicAddress address, long now, long lifetime)
    {
        var claims = (JsonObject)chosen.DeepClone();
        claims["exp"] = now + lifetime;
        claims["iat"] = now;
        claims["iss"] = address.Issuer(tenant);
        claims["tid"] = tenant.Id;
        claims["jti"] ??= Guid.NewGuid();
        return claims;
    }

    private static Outcome<SigningKey> Find(Guid id, ApiRequest request, Clock clock) =>
        request.Snapshot.Find<Key>(id) is { } key && SigningKeys.Of(key) is { Material.CanSign: true } signing && !signing.IsExpired(clock.Now)
            ? signing
            : Refusal.Invalid(ContractError.At("keyId", "invalid", $"There is no key with the Id [{id}] that can sign."));
}
