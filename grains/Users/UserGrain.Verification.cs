using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Mail;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tenants;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>What the user has to prove: that an address is the user's, and that a registration is wanted.</summary>
internal sealed partial class UserGrain
{
    public async Task<Outcome<ProofHandedOut>> BeginProof(BeginProof command)
    {
        if (Tenant is not { State: ObjectState.Active } tenant || _user is not { User.Active: true } user) return Refusal.NotFound;
        if (command.LoginId is { } name && !LoginGates.Names(user.User, name, command.LoginIdTypes)) return Refusal.NotFound;
        var order = new ProofOrder(command.Kind, services.Proofs.ApplicationOf(tenant, command.ApplicationId), command.LinkOrigin)
        {
            ByPhone = command.Kind == ProofKind.PhoneNumber || (command.Kind == ProofKind.Passwordless && IsPhone(user.User, command.LoginId, command.LoginIdTypes)),
            State = command.State?.Read<JsonElement>(),
            Strategy = command.Strategy,
            Id = command.ProofId,
            Browser = command.Browser,
        };
        return await HandOut(order, command.Sends);
    }

    public async Task<Outcome<ProofHandedOut>> SendProof(SendProof command)
    {
        if (Tenant is not { State: ObjectState.Active } tenant) return Refusal.NotFound;
        for (var attempt = 0; ; attempt++)
        {
            var (key, proof) = Held(new PresentedProof(command.Kind, command.ApplicationId, IdentifierGrainKeys.IdOf(Proofs.KindOf(command.Kind), command.Id)));
            if (proof is not { Value: { } value } || _user is not { User.Active: true } user) return Refusal.NotFound;
            var order = new ProofOrder(command.Kind, services.Proofs.ApplicationOf(tenant, command.ApplicationId), command.LinkOrigin)
            {
                ByPhone = value == LoginName.Phone(user.User.PhoneNumber),
                State = command.State?.Read<JsonElement>(),
                Strategy = proof.Sealed is null ? VerificationStrategy.ClickableLink : VerificationStrategy.FormField,
            };
            if (RateLimits.Exceeded(_attempts, tenant, order.Limit, clock.Now)) return ProofHandedOut.Nothing;
            var (commit, sent) = (new Commit(), proof with { Sent = true });
            services.Proofs.Send(commit, user, tenant, order, command.Id, services.Proofs.Open(proof)?.Code, sent);
            var stored = await Store(commit, telling: null, user.WithProof(key, sent, clock.Now), _logins, RateLimits.Count(_attempts, tenant, order.Limit, clock.Now));
            if (stored is CommitResult.Committed) return new ProofHandedOut(command.Id, null);
            if (attempt > 0) return Lost();
            await Load();
        }
    }

    public Task<ProofHolder?> CheckProof(PresentedProof proof) => Task.FromResult(
        _user is { User.Active: true } user && Held(proof) is { Proof: { } held } && held.Wrong < MostWrongCodes
            ? new ProofHolder(held.Value, held.Sealed is not null, held.Browser, NameOf(user.User) ?? "")
            : null);

    public async Task<Outcome<UserView>> CompleteProof(CompleteProof command)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (Tenant is not { State: ObjectState.Active } tenant || _user is not { User.Active: true } user) return await NotMine(command.Code);
            var judged = Judge(command.Proof, command.Code, null);
            if (judged.Verdict == ProofVerdict.Unknown) return Refusal.NotFound;
            var (commit, right) = (new Commit(), judged.Verdict == ProofVerdict.Right);
            var next = right ? Verified(user.WithoutProofs(key => key == judged.Key), command.Proof, judged.Proof!, tenant) : user.WithProof(judged.Key, judged.Proof! with { Wrong = judged.Proof!.Wrong + 1 }, clock.Now);
            if (right) Tell(commit, next, command, tenant);
            var stored = await Store(commit, right ? Telling(command.Actor) : null, next, _logins, right ? null : WithWrongCode());
            if (stored is CommitResult.Committed) return right ? new UserView(JsonText.From(Show())) : Refusal.NotFound;
            if (stored is CommitResult.Vetoed vetoed) return vetoed.Why;
            if (attempt > 0) return Lost();
            await Load();
        }
    }

    /// <summary>Who stands in for a taken name is as slow to refuse a code as its user would be.</summary>
    private async Task<Outcome<UserView>> NotMine(string? code)
    {
        if (code is not null && UserGrainKeys.IsReserved(_userId)) await Store(new Commit(), telling: null, _user, _logins, WithWrongCode(counts: false));
        return Refusal.NotFound;
    }

    public async Task<Outcome<UserView>> VouchForIdentity(VouchForIdentity command)
    {
        var type = command.Kind == ProofKind.PhoneNumber ? UserIdentities.PhoneNumber : UserIdentities.Email;
        var refusal = await Commit(new UserChange(command.Actor, $"vouched for ({type})"), _ =>
        {
            if (_user is not { } user || user.User.Identities.All(i => i.Type.Name != type)) return Task.FromResult<Outcome<StoredUser>>(Refusal.NotFound);
            var next = user with { User = UserIdentities.Verify(user.User, type, IdentityVerifiedReason.Administrative, clock.Now) };
            return Task.FromResult<Outcome<StoredUser>>(ProofsOwed.Fit(user, next));
        });
        return refusal is null ? new UserView(JsonText.From(Show())) : refusal;
    }

    /// <summary>A new id as an order says; nothing where there is nothing to prove, or too much was sent of late.</summary>
    private async Task<Outcome<ProofHandedOut>> HandOut(ProofOrder order, bool sends)
    {
        for (var attempt = 0; attempt < TicketAttempts; attempt++)
        {
            if (Tenant is not { State: ObjectState.Active } tenant || _user is not { User.Active: true } user) return Refusal.NotFound;
            var value = order.AddressOf(user.User);
            if (!IsOpen(order, user) || (sends && value is null)) return ProofHandedOut.Nothing;
            if (sends && RateLimits.Exceeded(_attempts, tenant, order.Limit, clock.Now)) return ProofHandedOut.Nothing;
            var (commit, draft) = (new Commit(), services.Proofs.Draft(tenant, order with { LinkOrigin = sends ? order.LinkOrigin : null }, value, user.PasswordGeneration));
            services.Proofs.Add(commit, user, tenant, draft);
            var attempts = sends ? RateLimits.Count(_attempts, tenant, order.Limit, clock.Now) : null;
            if (await Store(commit, telling: null, services.Proofs.With(user, draft), _logins, attempts) is CommitResult.Committed) return new ProofHandedOut(draft.Id, draft.Code);
            await Load();
        }

        return Lost();
    }

    private static bool IsOpen(ProofOrder order, StoredUser user) => order.Kind switch
    {
        ProofKind.Email => ProofsOwed.IsPending(user.User, UserIdentities.Email),
        ProofKind.PhoneNumber => ProofsOwed.IsPending(user.User, UserIdentities.PhoneNumber),
        ProofKind.Registration => LoginGates.Registration(user, order.Application) is { Verified: false },
        _ => order.Application is { PasswordlessConfiguration.Enabled: true, Active: true },
    };

    /// <summary>Whether the user is named by the phone number.</summary>
    private static bool IsPhone(User user, string? loginId, ImmutableArray<string> types) =>
        loginId is not null && !types.IsDefault && types.Contains("phoneNumber") && LoginName.Phone(loginId) is { } phone && phone == LoginName.Phone(user.PhoneNumber);

    /// <summary>The user with what the proof proves: an address that was written to is verified too, where the tenant takes that.</summary>
    private StoredUser Verified(StoredUser user, PresentedProof presented, StoredProof proof, Tenant tenant)
    {
        var now = clock.Now;
        var next = presented.Kind switch
        {
            ProofKind.Email => UserIdentities.Verify(user.User, UserIdentities.Email, IdentityVerifiedReason.Completed, now),
            ProofKind.PhoneNumber => UserIdentities.Verify(user.User, UserIdentities.PhoneNumber, IdentityVerifiedReason.Completed, now),
            ProofKind.Registration => WithVerified(user.User, presented.ApplicationId, now),
            _ => user.User,
        };
        if (presented.Kind is ProofKind.Registration or ProofKind.Passwordless && proof.Sent) next = ImplicitlyVerified(next, proof.Value, tenant, now);
        return ReferenceEquals(next, user.User) ? user : ProofsOwed.Fit(user, user with { User = next with { LastUpdateInstant = now } });
    }

    private static User ImplicitlyVerified(User user, string? address, Tenant tenant, long now)
    {
        if (address is null) return user;
        if (address == LoginName.Normalise(user.Email) && tenant.EmailConfiguration.ImplicitEmailVerificationAllowed && ProofsOwed.IsPending(user, UserIdentities.Email))
            return UserIdentities.Verify(user, UserIdentities.Email, IdentityVerifiedReason.Implicit, now);
        return address == LoginName.Phone(user.PhoneNumber) && tenant.PhoneConfiguration.ImplicitPhoneVerificationAllowed && ProofsOwed.IsPending(user, UserIdentities.PhoneNumber)
            ? UserIdentities.Verify(user, UserIdentities.PhoneNumber, IdentityVerifiedReason.Implicit, now)
            : user;
    }

    private static User WithVerified(User user, Guid? applicationId, long now) => user with
    {
        Registrations = [.. user.Registrations.Select(r => r.ApplicationId != applicationId || r.Verified ? r : r with { Verified = true, VerifiedInstant = now, LastUpdateInstant = now })],
    };

    /// <summary>What a verification leaves behind beside itself: an entry in the audit log, and a message where there is a template for one.</summary>
    private void Tell(Commit commit, StoredUser user, CompleteProof command, Tenant tenant)
    {
        services.Audit.Append(commit, command.Actor, $"User with Id [{_userId}] verified {Named(command.Proof)}", _tenantId);
        var application = services.Proofs.ApplicationOf(tenant, command.Proof.ApplicationId);
        if (command.Proof.Kind == ProofKind.Email) services.Notices.Mail(commit, new Notice(Occasion.EmailVerified, user, tenant, application));
        if (command.Proof.Kind == ProofKind.PhoneNumber) services.Notices.Text(commit, new Notice(Occasion.PhoneVerified, user, tenant, application));
    }

    private static string Named(PresentedProof proof) => proof.Kind switch
    {
        ProofKind.Email => "the e-mail address",
        ProofKind.PhoneNumber => "the phone number",
        _ => $"the registration for the application [{proof.ApplicationId}]",
    };

    private Refusal Lost()
    {
        DeactivateOnIdle();
        return Refusal.Conflict;
    }
}
