using OrleansAuth.Applications;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>What a change of a user leaves to be proved, and which ids it makes void.</summary>
internal static class ProofsOwed
{
    /// <summary>The changed user without ids for what is not the user's any more, or is verified.</summary>
    public static StoredUser Fit(StoredUser? before, StoredUser after)
    {
        if (after.Proofs is null) return after;
        var stale = new HashSet<string>();
        if (before?.User.Email != after.User.Email || !IsPending(after.User, UserIdentities.Email)) stale.Add(ProofKeys.Of(ProofKind.Email, null, null));
        if (before?.User.PhoneNumber != after.User.PhoneNumber || !IsPending(after.User, UserIdentities.PhoneNumber)) stale.Add(ProofKeys.Of(ProofKind.PhoneNumber, null, null));
        var open = after.User.Registrations.Where(r => !r.Verified).Select(r => ProofKeys.Of(ProofKind.Registration, r.ApplicationId, null)).ToHashSet();
        var fitted = after.WithoutProofs(key => stale.Contains(key) || (key.StartsWith("registration/", StringComparison.Ordinal) && !open.Contains(key)));
        return before?.User.Email != after.User.Email || before?.User.PhoneNumber != after.User.PhoneNumber ? fitted.WithoutLogins() : fitted;
    }

    /// <summary>What has to be proved since this change: new addresses and new registrations that nobody has verified.</summary>
    /// <param name="application">The application that the user comes from.</param>
    /// <param name="linkOrigin">Null hands out ids and sends nothing.</param>
    /// <param name="byOtherMeans">The type of the identity that another message proves which goes out with the change; null for none.</param>
    public static IEnumerable<ProofOrder> Of(StoredUser? before, StoredUser after, Tenant tenant, Application? application, Func<Guid?, Application?> find, string? linkOrigin, string? byOtherMeans)
    {
        if (!after.User.Active) yield break;
        if (tenant.EmailConfiguration.VerifyEmail && byOtherMeans != UserIdentities.Email && IsPending(after.User, UserIdentities.Email) && before?.User.Email != after.User.Email)
            yield return new ProofOrder(ProofKind.Email, application, linkOrigin);
        if (tenant.PhoneConfiguration.VerifyPhoneNumber && byOtherMeans != UserIdentities.PhoneNumber && IsPending(after.User, UserIdentities.PhoneNumber) && before?.User.PhoneNumber != after.User.PhoneNumber)
            yield return new ProofOrder(ProofKind.PhoneNumber, application, linkOrigin) { ByPhone = true };
        var held = before?.User.Registrations.Select(r => r.ApplicationId).ToHashSet() ?? [];
        foreach (var registration in after.User.Registrations.Where(r => !r.Verified && !held.Contains(r.ApplicationId)))
            if (find(registration.ApplicationId) is { VerifyRegistration: true } registered && after.User.Email is not null)
                yield return new ProofOrder(ProofKind.Registration, registered, linkOrigin);
    }

    /// <summary>Whether the user has an identity of that type which waits to be verified.</summary>
    public static bool IsPending(User user, string type) =>
        user.Identities.Any(i => i.Type.Name == type && !i.Verified && i.VerifiedReason != IdentityVerifiedReason.Unverifiable);
}
