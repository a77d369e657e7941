using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tenants;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>Judging what comes back, and what else belongs to ids that were handed out.</summary>
internal sealed partial class UserGrain
{
    /// <summary>Codes are short: so many wrong ones are looked at for one id…</summary>
    private const int MostWrongCodes = 5;

    /// <summary>…and so many in an hour for all ids of a user, or asking for new ids would give new guesses.</summary>
    private const int MostWrongCodesAnHour = 25;

    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    public async Task<Outcome<UnverifiedRemoved>> RemoveUnverified(RemoveUnverified command)
    {
        var refusal = await Commit(
            new UserChange(command.Actor, command.ApplicationId is { } id ? $"unregistered for the application [{id}], since the registration was not verified" : "deleted, since the e-mail address was not verified"),
            tenant => Task.FromResult(_user is not { } user ? Refusal.NotFound : command.ApplicationId is { } application ? WithoutUnverified(user, application) : WithoutUser(user, tenant)),
            (commit, _) =>
            {
                if (command.ApplicationId is { } application) EndSessions(commit, application);
            });
        if (refusal is { Kind: not RefusalKind.NotFound }) return refusal;
        if (refusal is null && command.ApplicationId is null) DeactivateOnIdle();
        return new UnverifiedRemoved(refusal is null);
    }

    /// <summary>Nobody, where the user's address has waited too long to be verified.</summary>
    private Outcome<StoredUser> WithoutUser(StoredUser user, Tenant tenant)
    {
        var waiting = user.User.Identities.FirstOrDefault(i => i.Type.Name == UserIdentities.Email && !i.Verified && i.VerifiedReason == IdentityVerifiedReason.Pending);
        return waiting is not null && IsOver(tenant.UserDeletePolicy.Unverified, Math.Max(user.User.InsertInstant ?? 0, waiting.LastUpdateInstant ?? 0)) ? new Outcome<StoredUser>() : Refusal.NotFound;
    }

    private Outcome<StoredUser> WithoutUnverified(StoredUser user, Guid applicationId)
    {
        if (configuration.Current.Find<Applications.Application>(applicationId) is not { VerifyRegistration: true } application) return Refusal.NotFound;
        if (LoginGates.Registration(user, application) is not { Verified: false } registration || !IsOver(application.RegistrationDeletePolicy.Unverified, registration.InsertInstant ?? 0)) return Refusal.NotFound;
        return With(user, user.User.Registrations.Remove(registration), clock.Now).EndSessions(applicationId, clock.Now);
    }

    private bool IsOver(TimeBasedDeletePolicy policy, long since) =>
        policy is { Enabled: true, EnabledInstant: { } enabled } && Math.Max(since, enabled) + (policy.NumberOfDaysToRetain * Day) <= clock.Now;

    /// <summary>What the user holds under that kind, if it is good for the address that the user has now.</summary>
    private (string Key, StoredProof? Proof) Held(PresentedProof presented)
    {
        var key = ProofKeys.Of(presented.Kind, presented.ApplicationId, presented.IdHash);
        if (_user is not { } user || user.Proof(key, clock.Now) is not { } proof) return (key, null);
        var mine = proof.Value is null || proof.Value == LoginName.Normalise(user.User.Email) || proof.Value == LoginName.Phone(user.User.PhoneNumber);
        // Without an id, only a code can prove anything.
        var meant = presented.IdHash is null ? proof.Sealed is not null : proof.IdHash == presented.IdHash;
        return (key, mine && meant ? proof : null);
    }

    private (ProofVerdict Verdict, string Key, StoredProof? Proof) Judge(PresentedProof presented, string? code, string? browser)
    {
        var (key, proof) = Held(presented);
        if (proof is null || (proof.Browser is { } bound && bound != browser)) return (ProofVerdict.Unknown, key, null);
        if (proof.Sealed is null) return (ProofVerdict.Right, key, proof);
        if (string.IsNullOrWhiteSpace(code) || proof.Wrong >= MostWrongCodes || WrongCodes().Count >= MostWrongCodesAnHour) return (ProofVerdict.Unknown, key, null);
        return (services.Proofs.Matches(proof, code) ? ProofVerdict.Right : ProofVerdict.Wrong, key, proof);
    }

    private AttemptWindow WrongCodes() => _attempts.Of(LimitedAction.OneTimeCode) is var window && clock.Now < window.Since + Hour ? window : AttemptWindow.Empty;

    /// <summary>The counters after one more wrong code.</summary>
    /// <param name="counts">False for a code that was not looked at: it is noted and not counted.</param>
    private UserAttempts WithWrongCode(bool counts = true)
    {
        var window = WrongCodes();
        return _attempts.With(LimitedAction.OneTimeCode, new AttemptWindow(window.Count == 0 ? clock.Now : window.Since, clock.Now, window.Count + (counts ? 1 : 0)));
    }

    /// <summary>Ids for what a change leaves to be proved; they go into the same commit.</summary>
    private List<ProofDraft> Owed(StoredUser? before, StoredUser after, Tenant tenant, Guid? applicationId, string? linkOrigin, string? byOtherMeans = null) =>
    [
        .. ProofsOwed.Of(before, after, tenant, services.Proofs.ApplicationOf(tenant, applicationId), id => services.Proofs.ApplicationOf(tenant, id), linkOrigin, byOtherMeans)
            .Select(order => services.Proofs.Draft(tenant, order, order.AddressOf(after.User))),
    ];

    /// <summary>Those of the ids that stand for something which was proved before.</summary>
    private async Task<IReadOnlyList<CompletedProof>> Completed(System.Collections.Immutable.ImmutableArray<string> ids)
    {
        var found = new List<CompletedProof>();
        foreach (var id in ids.IsDefault ? [] : ids.Distinct())
            if (await CompletedProof.Find(store, id, _tenantId, clock.Now) is { } proof) found.Add(proof);
        return found;
    }

    private void Add(Commit commit, List<ProofDraft> drafts, StoredUser after)
    {
        if (Tenant is { } tenant)
            foreach (var draft in drafts) services.Proofs.Add(commit, after, tenant, draft);
    }

    private StoredUser With(StoredUser user, List<ProofDraft> drafts) => drafts.Aggregate(user, services.Proofs.With);

    private static OwedProof Show(ProofDraft draft) =>
        new(draft.Order.Kind, draft.Order.Kind == ProofKind.Registration ? draft.Order.Application?.Id : null, draft.Stored.Value, draft.Id, draft.Code);

    /// <summary>The answer to a login that a verification stops: whoever has to type a code learns the id that belongs to it.</summary>
    private async Task<LoginResult> Stopped(StoredUser user, Entry entry)
    {
        var (kind, member) = entry.Status switch
        {
            LoginStatus.EmailUnverified => (ProofKind.Email, "emailVerificationId"),
            LoginStatus.PhoneUnverified => (ProofKind.PhoneNumber, "identityVerificationId"),
            _ => (ProofKind.Registration, "registrationVerificationId"),
        };
        var result = new LoginResult(entry.Status, JsonText.From(Show()), null, null, null) { UserId = _userId, AuthenticationType = entry.AuthenticationType, Factor = entry.Factor };
        if (entry.AuthenticationType == Tokens.AuthenticationTypes.Ping) return result;
        var order = new ProofOrder(kind, entry.Settings.Application, "") { ByPhone = kind == ProofKind.PhoneNumber };
        if (!ProofShape.Of(entry.Settings.Tenant, order).IsCode) return result;
        var (_, held) = Held(new PresentedProof(kind, entry.Settings.Application?.Id, null));
        var id = held is { Wrong: < MostWrongCodes } ? services.Proofs.Open(held)?.Id : (await HandOut(order, sends: true)).Value?.Id;
        return id is null ? result : result with { Members = JsonText.From(new JsonObject { [member] = id }) };
    }

    private enum ProofVerdict
    {
        /// <summary>Good for nothing (any more), or too many wrong codes came with it: the code is not looked at.</summary>
        Unknown,

        Wrong,

        Right,
    }
}
