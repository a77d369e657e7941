using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.WebAuthn;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.WebAuthn;

/// <summary>Passkeys in use: to sign in, or to show that one has one.</summary>
internal static class PasskeyLoginEndpoints
{
    private const int LongestState = 2048;
    private const int LongestMetaData = 4096;

    public static void MapPasskeyLogins(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/webauthn/start", Start).Allow(ApiAccess.Key);
        routes.MapPost("/api/webauthn/login", LogIn).Allow(ApiAccess.Anyone);
        routes.MapPost("/api/webauthn/assert", Assert).Allow(ApiAccess.Anyone);
    }

    private static async Task<IResult> Start(ApiRequest request, PasskeyCeremonies ceremonies, UserLookup users, PasskeyQueries passkeys)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (applicationId, userId, passkeyId, loginId) = (sent.Id("applicationId", errors), sent.Id("userId", errors), sent.Id("credentialId", errors), sent.Text("loginId", errors));
        var workflow = PasskeyRequests.Workflow(sent, errors, withGeneral: false);
        var types = LoginRequest.Types(sent, errors);
        if (loginId is not null && string.IsNullOrWhiteSpace(loginId)) errors.AddField("loginId", "blank", "The [loginId] must not be blank.");
        if (sent["state"] is { } state && (state is not JsonObject || state.ToJsonString().Length > LongestState)) errors.AddField("state", "invalid", $"The [state] must be a JSON object of at most {LongestState} characters.");
        var application = request.FindApplication(applicationId);
        if (applicationId is not null && application is null) errors.AddField("applicationId", "invalid", $"There is no application with the Id [{applicationId}].");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);

        if (passkeyId is { } one && userId is null && loginId is null) userId = (await passkeys.Find(one, request.Http.RequestAborted))?.UserId;
        StoredUser? user = null;
        if (userId is { } id)
        {
            user = await users.Find(id, request) is { } found && (application is null || application.TenantId == found.User.TenantId) ? found.User : null;
            if (user is null) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        }

        var tenantId = application?.TenantId ?? user?.TenantId ?? request.TenantId;
        if (request.Snapshot.Find<Tenant>(tenantId) is not { } tenant) return ErrorResponses.From(request.RequireTenant().Refusal ?? Refusal.NotFound);
        var options = await ceremonies.StartUse(
            new PasskeyWish(tenant, application, workflow!.Value)
            {
                UserId = userId,
                LoginId = userId is null ? loginId : null,
                LoginIdTypes = types,
                PasskeyId = passkeyId,
                State = sent["state"]?.Deserialize<JsonElement>(ContractJson.Options),
            },
            request.Http.RequestAborted);
        return options.Answer(o => ContractResults.Wrapped("options", o));
    }

    private static async Task<IResult> LogIn(ApiRequest request, PasskeyCeremonies ceremonies, IGrainFactory grains, TokenIssuer issuer)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (applicationId, noJwt, address, trust, metaData) = (sent.Id("applicationId", errors), sent.Flag("noJWT", errors), sent.Text("ipAddress", errors), sent.Text("twoFactorTrustId", errors), sent["metaData"] as JsonObject);
        if (metaData?.ToJsonString().Length > LongestMetaData) errors.AddField("metaData", "tooLong", $"The [metaData] may have at most {LongestMetaData} characters.");
        var newDevice = sent.Flag("newDevice", errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var read = await Finish(sent, request, ceremonies);
        if (read.Value is not { } use) return ErrorResponses.From(read.Refusal!);

        // The challenge says which application the login is for; a caller can name it again, and no other one.
        var application = use.Challenge.ApplicationId;
        if (applicationId is not null && applicationId != application) return ErrorResponses.From(Refusal.Invalid(ContractError.At("applicationId", "invalid", "The [applicationId] must be the one that the ceremony was started for.")));
        if (!noJwt && issuer.KeyFor(request.Snapshot, use.Tenant.Id, application).Refusal is { } noKey) return ErrorResponses.From(noKey);
        var actor = request.Key is not null && address is { Length: > 0 and <= 64 } ? request.Actor.From(address) : request.Actor;
        var device = metaData is null ? null : JsonText.From(metaData);
        var wish = new LoginWish(application, actor) { Device = device, WithoutSession = noJwt, TrustId = trust, Seen = SeenDevices.OfClient(request, device, newDevice) };
        var outcome = await grains.UserPasskeys(use.Tenant.Id, use.UserId).LogIn(new LogInWithPasskey(use.Command, wish));
        return outcome.Answer(result => LoginEndpoints.Answer(WithState(result, use.Challenge.State), application, !noJwt, request, issuer));
    }

    private static async Task<IResult> Assert(ApiRequest request, PasskeyCeremonies ceremonies, IGrainFactory grains)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var read = await Finish(sent, request, ceremonies);
        if (read.Value is not { } use) return ErrorResponses.From(read.Refusal is { Kind: RefusalKind.NotFound } ? PasskeyCeremonies.Unaccepted : read.Refusal!);
        var shown = await grains.UserPasskeys(use.Tenant.Id, use.UserId).Assert(use.Command);
        return shown.Answer(PasskeyEndpoints.Show);
    }

    private static async Task<Outcome<PasskeyUse>> Finish(JsonObject sent, ApiRequest request, PasskeyCeremonies ceremonies)
    {
        var errors = new Errors("");
        var party = sent.Text("rpId", errors);
        if (errors.Any) return errors.Refusal;
        var credential = sent.Wrapped("credential");
        return credential.Value is { } answer ? await ceremonies.FinishUse(answer, party, request.TenantScope, null, request.Http.RequestAborted) : credential.Refusal!;
    }

    private static LoginResult WithState(LoginResult login, JsonElement? state)
    {
        if (state is not { } given || login.Status == LoginStatus.Rejected) return login;
        var members = login.Members?.Read<JsonObject>() ?? [];
        members["state"] = JsonNode.Parse(given.GetRawText(), documentOptions: ContractJson.DocumentOptions);
        return login with { Members = JsonText.From(members) };
    }
}
