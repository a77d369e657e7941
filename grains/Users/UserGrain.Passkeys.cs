using System.Buffers.Text;
using System.Collections.Immutable;
using OrleansAuth.Audit;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mail;
using OrleansAuth.Mfa;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.WebAuthn;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.WebAuthn;

namespace OrleansAuth.Users;

/// <summary>
/// The user's passkeys. They are seldom asked for, so the grain keeps none in memory: each decision reads the row, and the
/// commit sees to it that the row is still the one that was read.
/// </summary>
internal sealed partial class UserGrain : IUserPasskeyGrain
{
    public async Task<Outcome<PasskeyView>> Register(RegisterPasskey command)
    {
        if (_user is not { User.Active: true } || Tenant is not { } tenant) return Refusal.NotFound;
        var (made, fault) = command.Registration.Verify(command.Ceremony);
        if (made is null) return await Refuse(tenant, fault!.Value);
        var now = clock.Now;
        var passkey = new StoredPasskey
        {
            Id = Guid.CreateVersion7(clock.UtcNow),
            CredentialId = Base64Url.EncodeToString(made.Credential.Id.Span),
            PublicKey = made.Key.Pem,
            Algorithm = made.Key.Algorithm,
            RelyingPartyId = command.Ceremony.Party.Id,
            DisplayName = command.DisplayName,
            Name = command.Name,
            AttestationType = made.AttestationType,
            VerifiesUser = made.Data.UserVerified,
            IsDiscoverable = command.IsDiscoverable,
            BackupEligible = made.Data.BackupEligible,
            BackedUp = made.Data.BackedUp,
            SignCount = made.Data.SignCount,
            Transports = command.Transports,
            UserAgent = command.UserAgent,
            Model = made.Credential.Model == Guid.Empty ? null : made.Credential.Model,
            InsertInstant = now,
            LastUseInstant = now,
        };
        var refusal = await ChangePasskeys(command.Actor, "added", "credential.id", held => WithMore(held, [passkey]), Occasion.PasskeyAdd);
        return refusal is null ? View(passkey) : refusal;
    }

    public async Task<Outcome<PasskeyView>> Import(ImportPasskeys command)
    {
        if (_user is null) return Refusal.NotFound;
        var added = command.Passkeys.Read<ImmutableArray<StoredPasskey>>();
        var refusal = await ChangePasskeys(command.Actor, "imported", "credentials.credentialId", held => WithMore(held, added));
        return refusal is null ? Nothing : refusal;
    }

    public async Task<Outcome<PasskeyView>> Remove(RemovePasskeys command)
    {
        var refusal = await ChangePasskeys(command.Actor, "removed", "id", held =>
        {
            var kept = command.PasskeyId is { } id ? held.RemoveAll(p => p.Id == id) : [];
            return kept.Length == held.Length && command.PasskeyId is not null ? Refusal.NotFound : kept;
        }, Occasion.PasskeyRemove);
        return refusal is null ? Nothing : refusal;
    }

    public async Task<Outcome<PasskeyView>> Assert(AssertPasskey command)
    {
        if (Tenant is not { } tenant) return Refusal.NotFound;
        var (passkey, data, fault) = await Use(command);
        return data is null ? await Refuse(tenant, fault!.Value) : View(passkey!);
    }

    public async Task<Outcome<LoginResult>> LogIn(LogInWithPasskey command)
    {
        if (TokenSettings.Find(configuration.Current, _tenantId, command.Wish.ApplicationId) is not { } settings) return UnknownApplication(command.Wish.ApplicationId);
        // Once, before the gates: tried again after a lost race, the counter would seem to stand still.
        var (_, data, fault) = await Use(command.Use);
        if (data is not null) return await Twice(() => TryEnter(command.Wish, data.UserVerified));
        await Refuse(settings.Tenant, fault!.Value);
        return Closed(LoginStatus.Rejected);
    }

    private async Task<Outcome<LoginResult>?> TryEnter(LoginWish wish, bool verified)
    {
        if (TokenSettings.Find(configuration.Current, _tenantId, wish.ApplicationId) is not { } settings) return UnknownApplication(wish.ApplicationId);
        if (_user is not { } user) return Closed(LoginStatus.Rejected);
        return await Proved(user, settings, wish, new Proof(AuthenticationTypes.WebAuthn, NameOf(user.User)) { Factor = verified ? new FactorProof(clock.Now, FactorMethods.Passkey) : null });
    }

    /// <summary>Verifies the use of a passkey and writes down its counter, which moves on whatever the gates say later.</summary>
    private async Task<(StoredPasskey? Passkey, AuthenticatorData? Data, PasskeyFault? Fault)> Use(AssertPasskey command)
    {
        var id = Base64Url.EncodeToString(command.Assertion.CredentialId.Span);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var (held, version) = await ReadPasskeys();
            if (_user is null || held?.Passkeys.FirstOrDefault(p => p.CredentialId == id) is not { } passkey) return (null, null, PasskeyFault.UnknownCredential);
            if ((command.CredentialId is { } wanted && wanted != passkey.Id) || passkey.RelyingPartyId != command.Ceremony.Party.Id) return (null, null, PasskeyFault.UnknownCredential);
            if (PasskeyKey.Read(passkey.PublicKey, passkey.Algorithm) is not { } key) return (null, null, PasskeyFault.Key);
            var (data, fault) = command.Assertion.Verify(command.Ceremony, new KnownPasskey(key, _userId.ToByteArray(bigEndian: true), command.NeedsHandle, passkey.BackupEligible, passkey.SignCount));
            if (fault == PasskeyFault.SignCount) await Report(passkey, data!.SignCount);
            if (fault is not null) return (null, null, fault);
            var used = passkey with
            {
                SignCount = data!.SignCount,
                BackupEligible = data.BackupEligible,
                BackedUp = data.BackedUp,
                VerifiesUser = passkey.VerifiesUser || data.UserVerified,
                LastUseInstant = clock.Now,
            };
            var commit = new Commit().PutPasskeys(_tenantId, _userId, held, version, held.Passkeys.Replace(passkey, used));
            if (await store.Apply(commit) is CommitResult.Committed) return (used, data, null);
        }

        return (null, null, PasskeyFault.SignCount);
    }

    /// <summary>Decides on the passkeys as stored, commits, and decides once more if somebody else was faster.</summary>
    /// <param name="verb">For the audit log, such as <c>added</c>.</param>
    /// <param name="field">The member to blame where somebody else has the credential already.</param>
    /// <param name="told">What the user hears of it; null for nothing.</param>
    /// <returns>Why nothing happened, or null.</returns>
    private async Task<Refusal?> ChangePasskeys(
        Actor actor, string verb, string field, Func<ImmutableArray<StoredPasskey>, Outcome<ImmutableArray<StoredPasskey>>> decide, Occasion? told = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (Tenant is not { State: ObjectState.Active } tenant || _user is not { } user) return Refusal.NotFound;
            var (held, version) = await ReadPasskeys();
            var before = held?.Passkeys ?? [];
            var decision = decide(before);
            if (decision.Refusal is { } refusal) return refusal;
            if (decision.Value.Length == before.Length) return null;
            var commit = new Commit().PutPasskeys(_tenantId, _userId, held, version, decision.Value);
            services.Audit.Append(commit, actor, $"Passkeys of the user with Id [{_userId}] were {verb}", _tenantId);
            if (told is { } occasion) TellOfPasskeys(commit, occasion, user, tenant, before, decision.Value);
            // The user is written along, unchanged: a user who is removed meanwhile must not leave passkeys behind.
            switch (await Store(commit, telling: null, user with { }, _logins))
            {
                case CommitResult.Committed:
                    return null;
                case CommitResult.Duplicate:
                    return Refusal.Invalid(ContractError.At(field, "duplicate", "This passkey is registered already."));
                case CommitResult.Conflict when attempt == 0:
                    await Load();
                    break;
                default:
                    DeactivateOnIdle();
                    return Refusal.Conflict;
            }
        }
    }

    private static Outcome<ImmutableArray<StoredPasskey>> WithMore(ImmutableArray<StoredPasskey> held, ImmutableArray<StoredPasskey> added)
    {
        if (held.Length + added.Length > StoredPasskeys.Most) return Refusal.Invalid(ContractError.At("userId", "tooMany", $"A user may have at most {StoredPasskeys.Most} passkeys."));
        return held.Any(h => added.Any(a => a.CredentialId == h.CredentialId || a.Id == h.Id))
            ? Refusal.Invalid(ContractError.At("credential.id", "duplicate", "This passkey is registered already."))
            : held.AddRange(added);
    }

    private async Task<(StoredPasskeys? Held, long Version)> ReadPasskeys()
    {
        var row = await store.Read(PasskeyKeys.State(_userId));
        var held = row is null ? null : StoredPasskeys.Read(row.Body);
        return held?.TenantId == _tenantId ? (held, row!.Version) : (null, row?.Version ?? 0);
    }

    /// <summary>The answer to a ceremony that failed: the same for every step. Who wants the cause lets the tenant's event log tell it.</summary>
    private async Task<Refusal> Refuse(Tenant tenant, PasskeyFault fault)
    {
        if (tenant.WebAuthnConfiguration.Debug) await Tell(EventLog.Debug, $"A passkey ceremony of the user with Id [{_userId}] failed at the step [{fault}].");
        return Refusal.Invalid(ContractError.At("credential", "invalid", "The passkey was not accepted. Start again."));
    }

    private Task<CommitResult> Report(StoredPasskey passkey, long count) => Tell(
        EventLog.Information,
        $"The passkey with Id [{passkey.Id}] of the user with Id [{_userId}] was refused: its counter says {count} and has been at {passkey.SignCount}. "
        + "There may be a copy of its key; if in doubt, remove the passkey and let the user add another one.");

    private Task<CommitResult> Tell(string type, string message)
    {
        var commit = new Commit();
        services.Log.Append(commit, type, message);
        return store.Apply(commit);
    }

    private PasskeyView View(StoredPasskey passkey) => new(JsonText.From(PasskeyDisplay.Show(_tenantId, _userId, passkey)));

    private static PasskeyView Nothing => new(new JsonText("{}"u8.ToArray()));
}
