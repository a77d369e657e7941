using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Passwordless;

/// <summary>
/// Login without a password: start hands a code out to who has a key, send sends it, login takes it back. The code is long
/// and a link carries it, or it comes with a short one that the user types.
/// </summary>
internal static class PasswordlessEndpoints
{
    private const int LongestState = 4096;

    public static void MapPasswordless(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/passwordless/start", Start).Allow(ApiAccess.Key);
        routes.MapPost("/api/passwordless/send", Send).Allow(ApiAccess.Anyone);
        routes.MapPost("/api/passwordless/login", LogIn).Allow(ApiAccess.Anyone);
    }

    private static async Task<IResult> Start(ApiRequest request, Verifications verifications, IGrainFactory grains, UserQueries users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var wish = Wish.Read(sent, request, errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (!wish.Application!.PasswordlessConfiguration.Enabled) return Disabled();
        var tenant = request.Snapshot.Find<Tenant>(wish.Application.TenantId)!;
        var name = LoginName.Of(wish.LoginId, wish.Types.Contains("phoneNumber"));
        if (name is null || await users.FindByLogin(tenant.Id, name, request.Http.RequestAborted) is not { } userId) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var begun = await grains.UserVerification(tenant.Id, userId).BeginProof(wish.Begin(verifications, tenant, request.Actor) with { LoginId = wish.LoginId });
        return begun.Answer(proof => ContractResults.Json(ProofAnswers.Members(proof, "code")));
    }

    private static async Task<IResult> Send(ApiRequest request, Verifications verifications)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        if (sent.Text("code", errors) is { Length: > 0 } code)
        {
            if (await verifications.Find(code, request.TenantScope, ProofKind.Passwordless) is not { } found) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
            return await verifications.Send(found) is { } refusal ? ErrorResponses.From(refusal) : ContractResults.Empty;
        }

        // The older form of the request names the user itself: everybody gets the same answer, for every name.
        var wish = Wish.Read(sent, request, errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (!wish.Application!.PasswordlessConfiguration.Enabled) return Disabled();
        var tenant = request.Snapshot.Find<Tenant>(wish.Application.TenantId)!;
        await verifications.Ask(tenant, wish.LoginId, wish.Begin(verifications, tenant, request.Actor) with { Sends = true, Strategy = VerificationStrategy.ClickableLink });
        return ContractResults.Empty;
    }

    private static async Task<IResult> LogIn(ApiRequest request, Verifications verifications, IGrainFactory grains, TokenIssuer issuer)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (code, oneTimeCode, trust, address) = (sent.Text("code", errors), sent.Text("oneTimeCode", errors), sent.Text("twoFactorTrustId", errors), sent.Text("ipAddress", errors));
        var (applicationId, noJwt, newDevice, device) = (sent.Id("applicationId", errors), sent.Flag("noJWT", errors), sent.Flag("newDevice", errors), LoginRequest.DeviceOf(sent, errors));
        if (string.IsNullOrEmpty(code)) errors.AddField("code", "blank", "The [code] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (oneTimeCode is { Length: > Verifications.LongestId } || await verifications.Find(code, request.TenantScope, ProofKind.Passwordless) is not { Stored.UserId: { } userId } found
            || (applicationId is { } named && named != found.Stored.ApplicationId)) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        if (!noJwt && issuer.KeyFor(request.Snapshot, found.Tenant.Id, found.Stored.ApplicationId).Refusal is { } noKey) return ErrorResponses.From(noKey);
        var actor = request.Key is not null && address is { Length: > 0 and <= 64 } ? request.Actor.From(address) : request.Actor;
        var wish = new LoginWish(found.Stored.ApplicationId, actor) { Device = device, WithoutSession = noJwt, TrustId = trust, Seen = SeenDevices.OfClient(request, device, newDevice) };
        var outcome = await grains.UserPasswordless(found.Tenant.Id, userId).LogInWithProof(new LogInWithProof(found.Presented, string.IsNullOrWhiteSpace(oneTimeCode) ? null : oneTimeCode, wish, null));
        return outcome.Answer(login => LoginEndpoints.Answer(WithState(login, found), found.Stored.ApplicationId, !noJwt, request, issuer));
    }

    /// <summary>What the caller gave at the start comes back with a login that got past the code.</summary>
    private static LoginResult WithState(LoginResult login, FoundProof found)
    {
        if (found.Stored.State is not { } state || login.Status == LoginStatus.Rejected) return login;
        var members = login.Members?.Read<JsonObject>() ?? [];
        members["state"] = JsonNode.Parse(state.GetRawText());
        return login with { Members = JsonText.From(members) };
    }

    private static IResult Disabled() => ErrorResponses.Disabled("[PasswordlessDisabled]", "Login without a password is switched off for the application.");

    /// <summary>A request that names a user, after reading.</summary>
    private sealed record Wish(string LoginId, ImmutableArray<string> Types, Application? Application, JsonObject? State, VerificationStrategy? Strategy)
    {
        public static Wish Read(JsonObject body, ApiRequest request, Errors errors)
        {
            var (loginId, applicationId) = (body.Text("loginId", errors), body.Id("applicationId", errors));
            if (string.IsNullOrWhiteSpace(loginId)) errors.AddField("loginId", "blank", "The [loginId] must not be blank.");
            var application = request.FindApplication(applicationId) is { Active: true, TenantId: not null } found ? found : null;
            if (application is null) errors.AddField("applicationId", applicationId is null ? "blank" : "invalid", "The [applicationId] must be the Id of an active application.");
            var state = body["state"] as JsonObject;
            if (body["state"] is not null && state is null) errors.AddField("state", "couldNotConvert", "The [state] must be a JSON object.");
            if (state?.ToJsonString().Length > LongestState) errors.AddField("state", "tooLong", $"The [state] may have at most {LongestState} characters.");
            VerificationStrategy? strategy = body.Text("loginStrategy", errors) switch { "ClickableLink" => VerificationStrategy.ClickableLink, "FormField" => VerificationStrategy.FormField, _ => null };
            if (body["loginStrategy"] is not null && strategy is null) errors.AddField("loginStrategy", "invalid", "The [loginStrategy] is ClickableLink or FormField.");
            return new Wish(loginId ?? "", LoginRequest.Types(body, errors), application, state, strategy);
        }

        public BeginProof Begin(Verifications verifications, Tenant tenant, Actor actor) => verifications.Begin(tenant, ProofKind.Passwordless, actor, Application!.Id, null, Types) with
        {
            State = State is null ? null : JsonText.From(State),
            Strategy = Strategy,
        };
    }
}
