using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Mfa;
using OrleansAuth.Sessions;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Recovery;

/// <summary>
/// Changing a password: by an id that was handed out, by an access token with the current password, or by an API key and
/// the user's name.
/// </summary>
internal static class ChangePasswordEndpoints
{
    private const string Path = "/api/user/change-password";
    private const string OnePath = "/api/user/change-password/{changePasswordId}";

    public static void MapChangePassword(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, (ApiRequest request, PasswordRecovery recovery, IGrainFactory grains, UserQueries users) => Change(null, request, recovery, grains, users)).Allow(ApiAccess.Anyone);
        routes.MapPost(OnePath, (string changePasswordId, ApiRequest request, PasswordRecovery recovery, IGrainFactory grains, UserQueries users) =>
            Change(changePasswordId, request, recovery, grains, users)).Allow(ApiAccess.Anyone);
        routes.MapGet(Path, Check).Allow(ApiAccess.KeyOrToken);
        routes.MapGet(OnePath, (string changePasswordId, ApiRequest request, PasswordRecovery recovery) => CheckId(changePasswordId, request, recovery)).Allow(ApiAccess.Anyone);
    }

    private static IResult TrustRequired() => ErrorResponses.Invalid("[TrustTokenRequired]", "The user has a second factor: prove it first, and send the trust token that comes of it.");

    /// <summary>Whether the change may be made with this id, or a second factor has to be proved first.</summary>
    private static async Task<IResult> CheckId(string id, ApiRequest request, PasswordRecovery recovery) =>
        await recovery.Find(id, request.TenantScope) is not { } open ? ErrorResponses.Empty(StatusCodes.Status404NotFound)
        : open.NeedsTrust ? TrustRequired() : ContractResults.Empty;

    /// <summary>By a key and a name, the caller answers for the user, and no second factor is asked for.</summary>
    private static async Task<IResult> Check(ApiRequest request, UserLookup users, IGrainFactory grains)
    {
        if (request.Key is null)
        {
            var own = await grains.UserFactors(request.Token!.TenantId, request.Token.UserId).Status(new ReadFactorStatus(null, FactorAction.ChangePassword, null));
            return own is { Challenged: true } ? TrustRequired() : ContractResults.Empty;
        }

        var query = request.Http.Request.Query;
        if (query["loginId"] is not [{ Length: > 0 } loginId]) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var found = await users.FindByLogin(loginId, [.. query["loginIdTypes"].OfType<string>().SelectMany(t => t.Split(','))], request);
        return found.Answer(_ => ContractResults.Empty);
    }

    private static async Task<IResult> Change(string? id, ApiRequest request, PasswordRecovery recovery, IGrainFactory grains, UserQueries users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var (password, current) = (sent.Text("password", errors), sent.Text("currentPassword", errors));
        var trust = new TrustProof(sent.Text("trustToken", errors), sent.Text("trustChallenge", errors));
        id ??= sent.Text("changePasswordId", errors);
        var loginId = sent.Text("loginId", errors);
        var types = LoginRequest.Types(sent, errors);
        if (string.IsNullOrEmpty(password)) errors.AddField("password", "blank", "The [password] must not be blank.");
        if (id is null && request.Key is null && request.Token is not null && string.IsNullOrEmpty(current))
            errors.AddField("currentPassword", "blank", "The [currentPassword] must not be blank.");
        if (id is null && request.Key is not null && string.IsNullOrWhiteSpace(loginId)) errors.AddField("loginId", "blank", "The [loginId] or the [changePasswordId] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);

        if (id is not null) return Answer(await recovery.Change(id, request.TenantScope, password!, current, trust, request.Actor), request);
        if (request.Key is not null) return await ByKey(new ChangePassword(password!, current, request.Actor) { LoginId = loginId, LoginIdTypes = types }, request, grains, users);
        return request.Token is null
            ? ErrorResponses.Empty(StatusCodes.Status404NotFound)
            : Answer(await ByToken(new ChangePassword(password!, current, request.Actor) { NeedsTrust = true, TrustToken = trust.Token, TrustChallenge = trust.Challenge }, request.Token, request, recovery, grains), request);
    }

    private static async Task<Outcome<FreshPassword>> ByToken(ChangePassword command, AccessToken token, ApiRequest request, PasswordRecovery recovery, IGrainFactory grains)
    {
        if (request.Snapshot.Find<Tenant>(token.TenantId) is not { } tenant) return Refusal.NotFound;
        var changed = await grains.UserPassword(token.TenantId, token.UserId).ChangePassword(command);
        return changed.Value is { } done ? await recovery.Fresh(tenant, token.UserId, done.Generation, token.ApplicationId, null) : changed.Refusal!;
    }

    /// <summary>With a key the answer has no body, and an unknown name is an error of the request.</summary>
    private static async Task<IResult> ByKey(ChangePassword command, ApiRequest request, IGrainFactory grains, UserQueries users)
    {
        var tenant = request.RequireTenant();
        if (tenant.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);
        var name = LoginName.Of(command.LoginId, command.LoginIdTypes.Contains("phoneNumber"));
        var userId = name is null ? null : await users.FindByLogin(tenant.Value, name, request.Http.RequestAborted);
        Outcome<PasswordChanged> changed = userId is { } found ? await grains.UserPassword(tenant.Value, found).ChangePassword(command) : Refusal.NotFound;
        return changed.Refusal is { Kind: RefusalKind.NotFound }
            ? ErrorResponses.From(Refusal.Invalid(ContractError.At("loginId", "invalid", "There is no user with this [loginId].")))
            : changed.Answer(_ => ContractResults.Empty);
    }

    /// <summary>Without a key, a wrong current password is told like an id that opens nothing.</summary>
    private static IResult Answer(Outcome<FreshPassword> outcome, ApiRequest request)
    {
        if (request.Key is null && outcome.Refusal?.Errors is [{ Code: "[notEqual]currentPassword" }]) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return outcome.Answer(fresh =>
        {
            var answer = new JsonObject { ["oneTimePassword"] = fresh.OneTimePassword };
            if (fresh.State is { } state) answer["state"] = JsonNode.Parse(state.GetRawText(), documentOptions: new JsonDocumentOptions());
            return ContractResults.Json(answer);
        });
    }
}
