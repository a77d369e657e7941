using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Tokens;

namespace OrleansAuth.IdentityProviders;

/// <summary>Logins at a provider that an application has begun by itself, and completes here with the code that it got.</summary>
internal static class ProviderLoginEndpoint
{
    private const int Pending = 232;
    private const int LongestCode = 8_192;

    public static void MapIdentityProviderLogin(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/identity-provider/login", LogIn).Allow(ApiAccess.Anyone);

    private static async Task<IResult> LogIn(ApiRequest request, IGrainFactory grains, TokenIssuer issuer, PublicAddress address)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (applicationId, providerId) = (sent.Id("applicationId", errors), sent.Id("identityProviderId", errors));
        var (noJwt, noLink, newDevice, from) = (sent.Flag("noJWT", errors), sent.Flag("noLink", errors), sent.Flag("newDevice", errors), sent.Text("ipAddress", errors));
        var device = LoginRequest.DeviceOf(sent, errors);
        var (application, provider) = (request.FindApplication(applicationId), request.Snapshot.Find<IdentityProvider>(providerId));
        if (application is not { Active: true }) errors.AddField("applicationId", applicationId is null ? "missing" : "invalid", "The [applicationId] must be the Id of an active application.");
        else if (provider?.Serves(application) != true) errors.AddField("identityProviderId", providerId is null ? "missing" : "invalid", "The [identityProviderId] must be the Id of an identity provider that serves the application.");
        var code = ReadCode(sent, applicationId ?? default, errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var tenant = request.Snapshot.Find<Tenants.Tenant>(application!.TenantId)!;
        if (!noJwt && issuer.KeyFor(request.Snapshot, tenant.Id, application.Id).Refusal is { } noKey) return ErrorResponses.From(noKey);

        var answer = await grains.Upstream(tenant.Id, provider!.Id, Guid.CreateVersion7()).Redeem(code!);
        if (answer.Identity is not { } identity) return Faulty(answer.Fault!.Value);
        var actor = request.Key is not null && from is { Length: > 0 and <= 64 } ? request.Actor.From(from) : request.Actor;
        var wish = new LoginWish(application.Id, actor) { Device = device, WithoutSession = noJwt, TrustId = Mfa.TrustCookie.Read(request.Http), Seen = SeenDevices.OfClient(request, device, newDevice) };
        var outcome = await grains.FederatedIdentity(tenant.Id, identity).SignIn(new SignInWithIdentity(identity, wish, address.OriginOf(tenant)) { OnlyLinked = noLink });
        return outcome.Answer(login => login.Status switch
        {
            FederatedStatus.Found => LoginEndpoints.Answer(login.Login!, application.Id, !noJwt, request, issuer),
            FederatedStatus.Pending => ContractResults.Json(new JsonObject { ["pendingIdPLinkId"] = login.PendingLinkId }, Pending),
            FederatedStatus.NotLinked => ErrorResponses.Empty(StatusCodes.Status404NotFound),
            _ => Faulty(UpstreamFault.Unavailable),
        });
    }

    /// <summary>
    /// The code and what belongs to it. Tokens of the provider are not taken: nothing in an access token says which client it was
    /// given to, so anybody who ever got one could come in with it.
    /// </summary>
    private static RedeemUpstreamCode? ReadCode(JsonObject sent, Guid applicationId, Errors errors)
    {
        if (sent["encodedJWT"] is not null) errors.AddField("encodedJWT", "invalid", "An [encodedJWT] is for types of identity providers that this version does not serve; send the code in [data.code].");
        if (sent["data"] is not (null or JsonObject))
        {
            errors.AddField("data", "couldNotConvert", "The [data] must be a JSON object.");
            return null;
        }

        var data = sent["data"] as JsonObject ?? [];
        var (code, redirect, verifier, nonce) = (Text(data, "code", errors), Text(data, "redirect_uri", errors), Text(data, "code_verifier", errors), Text(data, "nonce", errors));
        if (data["token"] is not null) errors.AddField("data.token", "invalid", "Tokens of identity providers are not taken; send the code in [data.code].");
        if (code is null) errors.AddField("data.code", "missing", "The [data.code] must be the code that the identity provider sent.");
        if (redirect is null) errors.AddField("data.redirect_uri", "missing", "The [data.redirect_uri] must be the address that the code was sent to.");
        return errors.Any ? null : new RedeemUpstreamCode(applicationId, code!, redirect!) { Verifier = verifier, Nonce = nonce };
    }

    private static string? Text(JsonObject data, string name, Errors errors)
    {
        if (data[name] is not { } node) return null;
        if (node.GetValueKind() == JsonValueKind.String && (string)node! is { Length: > 0 and <= LongestCode } text) return text;
        errors.AddField($"data.{name}", "invalid", $"The [data.{name}] must be a text of at most {LongestCode} characters.");
        return null;
    }

    private static IResult Faulty(UpstreamFault fault) => ErrorResponses.From(Refusal.Invalid(fault switch
    {
        UpstreamFault.Unreachable => ContractError.General("[identityProviderUnreachable]", "The identity provider could not be reached, or did not answer as it should."),
        UpstreamFault.Unavailable => ContractError.At("identityProviderId", "invalid", "The identity provider does not serve the application."),
        UpstreamFault.Refused => ContractError.At("data.code", "invalid", "The identity provider did not take the code."),
        _ => ContractError.At("data.code", "invalid", "What the identity provider answered does not prove who it is."),
    }));
}
