using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>
/// Verification of e-mail addresses and registrations: a message is sent again, and what was in one comes back. Callers with
/// a key get to know what became of it; all others get the same empty answer for every address.
/// </summary>
internal static class VerifyEmailEndpoints
{
    private const string Email = "/api/user/verify-email";
    private const string Registration = "/api/user/verify-registration";

    public static void MapVerifyEmail(this IEndpointRouteBuilder routes)
    {
        foreach (var (path, kind) in new[] { (Email, ProofKind.Email), (Registration, ProofKind.Registration) })
        {
            routes.MapPut(path, (ApiRequest request, Verifications verifications, IGrainFactory grains, UserQueries users) => Resend(kind, request, verifications, grains, users)).Allow(ApiAccess.Anyone);
            routes.MapPost(path, (ApiRequest request, Verifications verifications, IGrainFactory grains, UserLookup users) => Verify(kind, null, request, verifications, grains, users)).Allow(ApiAccess.Anyone);
            routes.MapPost(path + "/{verificationId}", (string verificationId, ApiRequest request, Verifications verifications, IGrainFactory grains, UserLookup users) =>
                Verify(kind, verificationId, request, verifications, grains, users)).Allow(ApiAccess.Anyone);
        }
    }

    private static async Task<IResult> Verify(ProofKind kind, string? id, ApiRequest request, Verifications verifications, IGrainFactory grains, UserLookup users)
    {
        var body = await RequestBody.ReadObject(request.Http);
        if (body.Value is not { } sent) return ErrorResponses.From(body.Refusal!);
        var errors = new Errors("");
        id ??= sent.Text("verificationId", errors);
        var code = sent.Text("oneTimeCode", errors);
        var userId = kind == ProofKind.Email && request.Key is not null && string.IsNullOrEmpty(id) ? sent.Id("userId", errors) : null;
        if (userId is null && string.IsNullOrEmpty(id)) errors.AddField("verificationId", "blank", "The [verificationId] must not be blank.");
        if (errors.Any) return ErrorResponses.From(errors.Refusal);
        if (userId is { } user) return await Vouch(user, request, grains, users);
        if (await verifications.Find(id, request.TenantScope, kind) is not { } found) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        if (string.IsNullOrWhiteSpace(code) && await verifications.Check(found) is { NeedsCode: true })
            return ErrorResponses.From(Refusal.Invalid(ContractError.At("oneTimeCode", "missing", "The [oneTimeCode] that belongs to the [verificationId] is missing.")));
        return await verifications.Complete(found, code, request.Actor) is { } refusal ? ErrorResponses.From(refusal) : ContractResults.Empty;
    }

    /// <summary>An operator says that the address is the user's.</summary>
    private static async Task<IResult> Vouch(Guid userId, ApiRequest request, IGrainFactory grains, UserLookup users) =>
        await users.Find(userId, request) is { } found
            ? (await grains.UserVerification(found.User.TenantId, userId).VouchForIdentity(new VouchForIdentity(ProofKind.Email, request.Actor))).Answer(_ => ContractResults.Empty)
            : ErrorResponses.Empty(StatusCodes.Status404NotFound);

    private static async Task<IResult> Resend(ProofKind kind, ApiRequest request, Verifications verifications, IGrainFactory grains, UserQueries users)
    {
        var wish = Wish.Read(kind, request);
        if (wish.Value is not { } read) return ErrorResponses.From(wish.Refusal!);
        if (read.Sends && !(kind == ProofKind.Email ? read.Tenant.EmailConfiguration.VerifyEmail : read.Application!.VerifyRegistration))
            return ErrorResponses.Disabled(kind == ProofKind.Email ? "[EmailVerificationDisabled]" : "[RegistrationVerificationDisabled]", "Verification is switched off, so no message is sent.");
        var begin = verifications.Begin(read.Tenant, kind, request.Actor, read.Application?.Id, read.Email, "email") with { Sends = read.Sends };
        if (request.Key is null)
        {
            if (read.Sends) await verifications.Ask(read.Tenant, read.Email, begin);
            return ContractResults.Empty;
        }

        if (LoginName.Normalise(read.Email) is not { } name || await users.FindByLogin(read.Tenant.Id, name, request.Http.RequestAborted) is not { } userId) return ErrorResponses.Empty(StatusCodes.Status404NotFound);
        return (await grains.UserVerification(read.Tenant.Id, userId).BeginProof(begin)).Answer(ProofAnswers.HandedOut);
    }

    /// <summary>A request for another message, after reading.</summary>
    private sealed record Wish(string Email, Tenant Tenant, Application? Application, bool Sends)
    {
        public static Outcome<Wish> Read(ProofKind kind, ApiRequest request)
        {
            var (query, errors) = (request.Http.Request.Query, new Errors(""));
            var email = query["email"].ToString();
            if (string.IsNullOrWhiteSpace(email)) errors.AddField("email", "blank", "The [email] must not be blank.");
            var application = Guid.TryParse(query["applicationId"], out var id) ? request.FindApplication(id) : null;
            if (application is null && (kind == ProofKind.Registration || query.ContainsKey("applicationId")))
                errors.AddField("applicationId", query.ContainsKey("applicationId") ? "invalid" : "blank", "The [applicationId] must be the Id of an application.");
            if (errors.Any) return errors.Refusal;
            var tenantId = (request.TenantScope ?? application?.TenantId) is { } named ? named : request.RequireTenant();
            if (tenantId.Refusal is { } ambiguous) return ambiguous;
            // The contract's name for registrations, and the one that its .NET client sends.
            var sends = kind == ProofKind.Email ? Flag(query["sendVerifyEmail"]) : Flag(query["sendVerifyRegistrationEmail"]) && Flag(query["sendVerifyPasswordEmail"]);
            return new Wish(email, request.Snapshot.Find<Tenant>(tenantId.Value)!, application, sends);
        }

        private static bool Flag(string? text) => !string.Equals(text, "false", StringComparison.OrdinalIgnoreCase);
    }
}
