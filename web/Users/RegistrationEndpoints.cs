using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>Registrations of users for applications, and users created together with their first one.</summary>
internal static class RegistrationEndpoints
{
    private const string Path = "/api/user/registration";
    private const string UserPath = Path + "/{userId:guid}";
    private const string OnePath = UserPath + "/{applicationId:guid}";

    public static void MapRegistrations(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, (ApiRequest request, IGrainFactory grains, UserLookup users, FirstToken token) => Create(null, request, grains, users, token)).Allow(ApiAccess.Key);
        routes.MapPost(UserPath, (Guid userId, ApiRequest request, IGrainFactory grains, UserLookup users, FirstToken token) => Create(userId, request, grains, users, token)).Allow(ApiAccess.Key);
        routes.MapGet(OnePath, Read).Allow(ApiAccess.Key);
        routes.MapPut(UserPath, (Guid userId, ApiRequest request, UserLookup users) => Replace(userId, null, request, users)).Allow(ApiAccess.Key);
        routes.MapPut(OnePath, (Guid userId, Guid applicationId, ApiRequest request, UserLookup users) => Replace(userId, applicationId, request, users)).Allow(ApiAccess.Key);
        routes.MapPatch(UserPath, (Guid userId, ApiRequest request, UserLookup users) => PatchRegistration(userId, null, request, users)).Allow(ApiAccess.Key);
        routes.MapPatch(OnePath, (Guid userId, Guid applicationId, ApiRequest request, UserLookup users) => PatchRegistration(userId, applicationId, request, users)).Allow(ApiAccess.Key);
        routes.MapDelete(OnePath, Remove).Allow(ApiAccess.Key);
    }

    private static async Task<IResult> Create(Guid? userId, ApiRequest request, IGrainFactory grains, UserLookup users, FirstToken token)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var registration = body.Value!.Wrapped("registration");
        if (registration.Refusal is { } missing) return ErrorResponses.From(missing);
        var errors = new Errors("registration");
        var applicationId = registration.Value!.Id("applicationId", errors);
        var options = RegistrationRequest.Read(body.Value!, errors);
        if (errors.Any) return ErrorResponses.From(Refusal.Invalid(ContractError.At("registration.applicationId", "couldNotConvert", "The [registration.applicationId] must be a UUID.")));
        if (body.Value!["user"] is not null) return await CreateBoth(userId, body.Value!, registration.Value!, applicationId, request, grains, users, token);
        if (userId is not { } id) return ErrorResponses.From(Refusal.Invalid(ContractError.At("userId", "missing", "The request names neither a user nor the Id of one.")));
        if (applicationId is not { } application)
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("registration.applicationId", "missing", "The [registration.applicationId] must be the Id of an application.")));
        if (await users.Find(id, request) is not { } found) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var command = new ChangeRegistration(application, ItemAction.Add, ChangeKind.Replace, JsonText.From(registration.Value!), request.Actor)
        {
            GenerateAuthenticationToken = options.GenerateAuthenticationToken,
            SkipRegistrationVerification = options.SkipRegistrationVerification,
            LinkOrigin = users.LinkOrigin(found.User.TenantId, request),
        };
        return (await users.GrainOf(found.User).ChangeRegistration(command)).Answer(added =>
        {
            var answer = new JsonObject { ["registration"] = added.Registration.Read<JsonObject>() };
            ProofAnswers.AddRegistration(answer, added.Proofs);
            return ContractResults.Json(answer);
        });
    }

    private static async Task<IResult> CreateBoth(
        Guid? userId, JsonObject body, JsonObject registration, Guid? applicationId, ApiRequest request, IGrainFactory grains, UserLookup users, FirstToken token)
    {
        var user = body.Wrapped("user");
        if (user.Refusal is { } wrong) return ErrorResponses.From(wrong);
        var errors = new Errors("user");
        var sent = UserRequest.Read(body, errors);
        var options = RegistrationRequest.Read(body, errors);
        var id = userId ?? user.Value!.Id("id", errors) ?? Guid.CreateVersion7();
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var tenant = UserLookup.TenantOfNew(request, applicationId);
        if (tenant.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);

        var command = new CreateUser(JsonText.From(user.Value!), JsonText.From(registration), sent.SendSetPasswordEmail, sent.SkipVerification, request.Actor)
        {
            DisableDomainBlock = sent.DisableDomainBlock,
            GenerateAuthenticationToken = options.GenerateAuthenticationToken,
            SkipRegistrationVerification = options.SkipRegistrationVerification,
            LinkOrigin = users.LinkOrigin(tenant.Value, request),
            VerificationIds = sent.VerificationIds,
            SendSetPasswordText = sent.SendSetPasswordText,
            OpensSession = !sent.SetsPasswordLater && token.CanSign(tenant.Value, applicationId, request),
        };
        return (await grains.User(tenant.Value, id).Create(command)).Answer(created =>
        {
            var answer = new JsonObject { ["registration"] = created.Registration!.Read<JsonObject>(), ["user"] = created.User.Read<JsonObject>() };
            if (!sent.SetsPasswordLater) token.Add(answer, created, applicationId, request);
            ProofAnswers.AddRegistration(answer, created.Proofs);
            return ContractResults.Json(answer);
        });
    }

    private static async Task<IResult> Read(Guid userId, Guid applicationId, ApiRequest request, UserLookup users) =>
        await users.Find(userId, request) is { } found && UserDisplay.ShowRegistration(found.User, found.Logins, applicationId) is { } registration
            ? ContractResults.Wrapped("registration", registration)
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    private static async Task<IResult> Replace(Guid userId, Guid? applicationId, ApiRequest request, UserLookup users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var registration = body.Value!.Wrapped("registration");
        return registration.Refusal is { } missing
            ? ErrorResponses.From(missing)
            : await Change(userId, applicationId, ChangeKind.Replace, JsonText.From(registration.Value!), registration.Value!, request, users);
    }

    private static async Task<IResult> PatchRegistration(Guid userId, Guid? applicationId, ApiRequest request, UserLookup users)
    {
        var body = await RequestBody.Read(request.Http);
        if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
        var patch = PatchRequest.From(request.Http, body.Value, "registration");
        return patch.Refusal is { } refusal
            ? ErrorResponses.From(refusal)
            : await Change(userId, applicationId, patch.Value!.Kind, patch.Value.Change, (body.Value as JsonObject)?["registration"] as JsonObject, request, users);
    }

    /// <summary>The application stands in the path or else in the registration.</summary>
    private static async Task<IResult> Change(
        Guid userId, Guid? applicationId, ChangeKind kind, JsonText change, JsonObject? registration, ApiRequest request, UserLookup users)
    {
        var errors = new Errors("registration");
        if ((applicationId ?? registration?.Id("applicationId", errors)) is not { } application)
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("registration.applicationId", errors.Any ? "couldNotConvert" : "missing", "The [registration.applicationId] must be the Id of an application.")));
        if (await users.Grain(userId, request) is not { } user) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return (await user.ChangeRegistration(new ChangeRegistration(application, ItemAction.Change, kind, change, request.Actor))).Answer(Show);
    }

    private static async Task<IResult> Remove(Guid userId, Guid applicationId, ApiRequest request, UserLookup users)
    {
        // It holds nothing but where the request came from.
        if ((await RequestBody.ReadObject(request.Http)).Refusal is { } malformed) return ErrorResponses.From(malformed);
        return await users.Grain(userId, request) is { } user
            ? (await user.ChangeRegistration(new ChangeRegistration(applicationId, ItemAction.Remove, ChangeKind.Replace, null, request.Actor))).Answer(_ => ContractResults.Empty)
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);
    }

    private static IResult Show(RegistrationView view) => ContractResults.Wrapped("registration", view.Registration.Read<JsonObject>());
}

/// <summary>What a request about a registration holds beside it.</summary>
internal sealed record RegistrationRequest(bool GenerateAuthenticationToken, bool SkipRegistrationVerification)
{
    public static RegistrationRequest Read(JsonObject body, Errors errors) =>
        new(body.Flag("generateAuthenticationToken", errors), body.Flag("skipRegistrationVerification", errors));
}
