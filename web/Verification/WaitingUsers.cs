using System.Collections.Immutable;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Hosted;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>
/// Users who wait at the page of a gate, for that page. Who stands in for a name that somebody else has waits there too, and
/// nothing here tells the difference.
/// </summary>
internal sealed class WaitingUsers(Verifications verifications, IGrainFactory grains, UserQueries users, PublicAddress address)
{
    /// <summary>The user, or null for who stands in.</summary>
    public async Task<WaitingUser?> Find(Guid tenantId, Guid userId, ProofKind kind, Guid applicationId) =>
        await users.Find(userId) is { } found && found.User.TenantId == tenantId
            ? new WaitingUser(kind switch
            {
                ProofKind.Email => found.User.User.Verified,
                ProofKind.PhoneNumber => found.User.User.Identities.Any(i => i.Type.Name == "phoneNumber" && i.Verified),
                _ => found.User.User.Registrations.Any(r => r.ApplicationId == applicationId && r.Verified),
            })
            : null;

    /// <summary>Whether a code is typed where the user waits.</summary>
    public static bool IsCode(Tenant tenant, Application application, ProofKind kind) => kind switch
    {
        ProofKind.Email => tenant.EmailConfiguration.VerificationStrategy,
        ProofKind.PhoneNumber => tenant.PhoneConfiguration.VerificationStrategy,
        _ => application.VerificationStrategy,
    } == VerificationStrategy.FormField;

    public Task Resend(Tenant tenant, Guid userId, ProofKind kind, Guid applicationId, Actor actor) =>
        grains.UserVerification(tenant.Id, userId).BeginProof(verifications.Begin(tenant, kind, actor, applicationId, null) with { Sends = true });

    /// <returns>What is wrong, as a key of the message catalogue; null where nothing is.</returns>
    public async Task<string?> Complete(Tenant tenant, Guid userId, ProofKind kind, Guid applicationId, string code, Actor actor) =>
        (await grains.UserVerification(tenant.Id, userId).CompleteProof(new CompleteProof(new PresentedProof(kind, applicationId, null), code, actor))).Refusal switch
        {
            null => null,
            { Kind: RefusalKind.Vetoed } vetoed => RefusalText.KeyOf(vetoed),
            _ => "verify.code-wrong",
        };

    /// <summary>Mends a mistyped address or number. Of an address that somebody else has, only that somebody hears (from the grain that refuses it).</summary>
    /// <returns>What is wrong, as a key of the message catalogue; null where nothing is, as far as anybody is told.</returns>
    public async Task<string?> ChangeAddress(Tenant tenant, Guid userId, ProofKind kind, string next, Guid applicationId, Actor actor)
    {
        var user = grains.UserVerification(tenant.Id, userId);
        var outcome = kind == ProofKind.PhoneNumber
            ? await user.ChangeUnverifiedPhone(new ChangeUnverifiedPhone(next, applicationId, address.OriginOf(tenant), actor))
            : await user.ChangeUnverifiedEmail(new ChangeUnverifiedEmail(next, applicationId, address.OriginOf(tenant), actor));
        if (outcome.Refusal is not { } refusal) return null;
        if (refusal.Kind == RefusalKind.Busy) return "verify.too-many";
        if (refusal.Errors.IsDefaultOrEmpty) return refusal.Kind == RefusalKind.NotFound ? null : RefusalText.KeyOf(refusal);
        if (kind == ProofKind.PhoneNumber) return refusal.Errors.Any(e => e.Code == "[duplicate]user.phoneNumber") ? "[duplicate]user.phoneNumber" : "[invalid]";
        return IsTaken(refusal.Errors) ? null : "[notEmail]user.email";
    }

    /// <summary>Whether the address being somebody else's is all that is wrong.</summary>
    public static bool IsTaken(ImmutableArray<ContractError> errors) => errors.All(e => e.Code is "[duplicate]user.email" or "[inactive]user.email");
}

/// <param name="IsVerified">What the user waits for has happened.</param>
internal sealed record WaitingUser(bool IsVerified);
