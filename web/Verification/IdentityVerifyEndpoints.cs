using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>
/// Verification of an e-mail address or a phone number in steps that the caller chooses: start hands out an id, send sends
/// it, complete takes it back. The address may be one that no user has yet.
/// </summary>
internal static class IdentityVerifyEndpoints
{
    private const int LongestState = 4096;

    public static void MapIdentityVerify(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/identity/verify", Vouch).Allow(ApiAccess.Key);
        routes.MapPost("/api/identity/verify/start", Start).Allow(ApiAccess.Key);
        routes.MapPost("/api/identity/verify/send", Send).Allow(ApiAccess.Anyone);
        routes.MapPost("/api/identity/verify/complete", Complete).Allow(ApiAccess.Anyone);
    }

    private static async Task<IResult> Start(ApiRequest request, Verifications verifications, IGrainFactory grains, UserQueries users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var named = Named.Read(sent, errors);
        var applicationId = sent.Id("applicationId", errors);
        var application = request.FindApplication(applicationId);
        if (applicationId is not null && application is null) errors.AddField("applicationId", "invalid", $"There is no application with the Id [{applicationId}].");
        var state = sent["state"] as JsonObject;
        if (sent["state"] is not null && (state is null || state.ToJsonString().Length > LongestState)) errors.AddField("state", "invalid", $"The [state] must be a JSON object of at most {LongestState} characters.");
        var strategy = Choice<VerificationStrategy>(sent, "verificationStrategy", errors);
        var mustNotExist = Choice<ExistingUserStrategy>(sent, "existingUserStrategy", errors) == ExistingUserStrategy.mustNotExist;
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var tenantId = (request.TenantScope ?? application?.TenantId) is { } scope ? scope : request.RequireTenant();
        if (tenantId.Refusal is { } ambiguous) return ErrorResponses.From(ambiguous);

        var begin = verifications.Begin(request.Snapshot.Find<Tenant>(tenantId.Value)!, named!.Kind, request.Actor, application?.Id, named.LoginId, named.Type) with
        {
            State = state is null ? null : JsonText.From(state),
            Strategy = strategy,
        };
        var owner = await users.FindByLogin(tenantId.Value, named.Value, request.Http.RequestAborted);
        if (owner is { } user && mustNotExist) return ErrorResponses.From(Refusal.Invalid(ContractError.At("loginId", "duplicate", "A user with this [loginId] exists.")));
        if (owner is null && !mustNotExist) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        var outcome = owner is { } id ? await grains.UserVerification(tenantId.Value, id).BeginProof(begin) : await grains.ProofDesk(tenantId.Value).StartOpen(new StartOpenProof(named.Value, begin));
        return outcome.Value is { Id: null }
            ? ErrorResponses.From(Refusal.Invalid(ContractError.At("loginId", "verified", "The [loginId] is verified already.")))
            : outcome.Answer(ProofAnswers.HandedOut);
    }

    private static async Task<IResult> Send(ApiRequest request, Verifications verifications)
    {
        var (found, refused, _) = await Read(request, verifications);
        if (found is null) return refused!;
        return await verifications.Send(found) is { } refusal ? ErrorResponses.From(refusal) : ContractResults.Empty;
    }

    private static async Task<IResult> Complete(ApiRequest request, Verifications verifications)
    {
        var (found, refused, code) = await Read(request, verifications);
        if (found is null) return refused!;
        if (string.IsNullOrWhiteSpace(code) && await verifications.Check(found) is { NeedsCode: true })
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("oneTimeCode", "missing", "The [oneTimeCode] that belongs to the [verificationId] is missing.")));
        if (await verifications.Complete(found, code, request.Actor) is { } refusal) return ErrorResponses.From(refusal);
        var answer = new JsonObject();
        if (found.Stored.State is { } state) answer["state"] = JsonNode.Parse(state.GetRawText());
        return ContractResults.Json(answer);
    }

    private static async Task<(FoundProof? Found, IResult? Refused, string? Code)> Read(ApiRequest request, Verifications verifications)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return (null, ErrorResponses.From(body.Refusal!), null);
        var errors = new Errors("");
        var (id, code) = (sent.Text("verificationId", errors), sent.Text("oneTimeCode", errors));
        if (string.IsNullOrEmpty(id)) errors.AddField("verificationId", "blank", "The [verificationId] must not be blank.");
        if (errors.Any) return (null, ErrorResponses.From(errors.Refusal), null);
        var found = await verifications.Find(id, request.TenantScope, ProofKind.Email, ProofKind.PhoneNumber);
        return (found, ErrorResponses.Empty(StatusCodes.Status404NotFound), code);
    }

    /// <summary>An operator says that the address is the user's.</summary>
    private static async Task<IResult> Vouch(ApiRequest request, IGrainFactory grains, UserLookup users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        var named = Named.Read(sent, errors);
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        var found = await users.FindByLogin(named!.LoginId, [named.Type], request);
        if (found.Refusal is { } refusal) return ErrorResponses.From(refusal);
        var (user, _) = found.Value;
        return (await grains.UserVerification(user.TenantId, user.Id).VouchForIdentity(new VouchForIdentity(named.Kind, request.Actor))).Answer(_ => ContractResults.Empty);
    }

    private static T? Choice<T>(JsonObject sent, string name, Errors errors) where T : struct, Enum
    {
        if (sent.Text(name, errors) is not { } text) return null;
        if (Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value)) return value;
        errors.AddField(name, "invalid", $"The [{name}] is one of {string.Join(", ", Enum.GetNames<T>())}.");
        return null;
    }

    /// <summary>Whether a user with the name has to exist, or must not. Names as in the contract.</summary>
    private enum ExistingUserStrategy { mustExist, mustNotExist }

    /// <summary>The identity that a request names.</summary>
    private sealed record Named(string LoginId, string Type, ProofKind Kind, string Value)
    {
        public static Named? Read(JsonObject sent, Errors errors)
        {
            var (loginId, type) = (sent.Text("loginId", errors), sent.Text("loginIdType", errors));
            if (string.IsNullOrWhiteSpace(loginId)) errors.AddField("loginId", "blank", "The [loginId] must not be blank.");
            if (type is not ("email" or "phoneNumber")) errors.AddField("loginIdType", type is null ? "blank" : "invalid", "The [loginIdType] is email or phoneNumber.");
            if (errors.Any) return null;
            var value = type == "email" ? LoginName.Normalise(loginId) is { } address && address.Contains('@', StringComparison.Ordinal) ? address : null : LoginName.Phone(loginId);
            if (value is null) errors.AddField("loginId", "invalid", "The [loginId] is not of this type.");
            return value is null ? null : new Named(loginId!, type!, type == "email" ? ProofKind.Email : ProofKind.PhoneNumber, value);
        }
    }
}
