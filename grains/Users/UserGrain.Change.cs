using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Storage.IdentityProviders;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.WebAuthn;
using OrleansAuth.Tenants;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

internal sealed partial class UserGrain
{
    public async Task<Outcome<UserView>> Change(ChangeUser command)
    {
        if (_user is null) return Refusal.NotFound;
        if (command.Kind == ChangeKind.Reactivate) return await Activate(command.Actor, active: true);
        var (endsSessions, owed, changed) = (false, new List<ProofDraft>(), (StoredUser?)null);
        var refusal = await Commit(
            new UserChange(command.Actor, "updated") { IsUpdate = true },
            async tenant =>
            {
                var next = await Next(command, tenant);
                if (next.Value is not { } user) return next;
                endsSessions = user.SessionsRevokedBefore != _user?.SessionsRevokedBefore;
                owed = Owed(_user, user, tenant, command.ApplicationId, command.LinkOrigin);
                return changed = With(ProofsOwed.Fit(_user, user), owed);
            },
            (commit, _) =>
            {
                if (endsSessions) EndSessions(commit, applicationId: null);
                Add(commit, owed, changed!);
            });
        return refusal is null ? new UserView(JsonText.From(Show())) : refusal;
    }

    public async Task<Outcome<UserView>> Remove(RemoveUser command)
    {
        if (_user is null) return Refusal.NotFound;
        if (!command.Hard) return await Activate(command.Actor, active: false);
        var (passkeys, links) = ((Held: (StoredPasskeys?)null, Version: 0L), (Held: (StoredLinks?)null, Version: 0L));
        var refusal = await Commit(
            new UserChange(command.Actor, "deleted"),
            async _ =>
            {
                passkeys = await ReadPasskeys();
                links = await ReadLinks();
                return _user is null ? Refusal.NotFound : new Outcome<StoredUser>();
            },
            (commit, _) => commit.PutPasskeys(_tenantId, _userId, passkeys.Held, passkeys.Version, []).PutLinks(_tenantId, _userId, links.Held, links.Version, []));
        if (refusal is not null) return refusal;
        DeactivateOnIdle();
        return new UserView(JsonText.From(new JsonObject()));
    }

    /// <summary>Deactivates or reactivates. A deactivated user keeps names and registrations and loses every session.</summary>
    private async Task<Outcome<UserView>> Activate(Actor actor, bool active)
    {
        var refusal = await Commit(
            new UserChange(actor, active ? "reactivated" : "deactivated"),
            _ =>
            {
                if (_user is not { } current) return Task.FromResult<Outcome<StoredUser>>(Refusal.NotFound);
                var next = current with { User = current.User with { Active = active, LastUpdateInstant = clock.Now } };
                return Task.FromResult<Outcome<StoredUser>>(active ? next : next.EndSessions(null, clock.Now));
            },
            (commit, _) =>
            {
                if (!active) EndSessions(commit, applicationId: null);
            });
        return refusal is null ? new UserView(JsonText.From(Show())) : refusal;
    }

    private async Task<Outcome<StoredUser>> Next(ChangeUser command, Tenant tenant)
    {
        if (_user is not { } current) return Refusal.NotFound;
        var errors = new Errors("user");
        JsonObject document;
        try
        {
            document = Patch.Apply(Show(), command.Kind, command.Change, "user");
        }
        catch (PatchException error)
        {
            return Refusal.Invalid(ContractError.General("[invalidPatch]", error.Message));
        }

        if (UserRules.Read(document, current.User, errors) is not { } read) return errors.Refusal;
        var now = clock.Now;
        UserRules.Check(read, current.User, tenant, command.DisableDomainBlock, now, errors);
        if (!string.IsNullOrEmpty(read.Password)) PasswordRules.Check(read.Password, tenant, read, errors);
        if (errors.Any) return errors.Refusal;
        if (command.CurrentPassword is { } given && await Differs(given, current, tenant, command.Actor) is { } refusal) return refusal;

        var user = read with { Id = _userId, TenantId = _tenantId, LastUpdateInstant = now, Password = null };
        user = UniqueUsername.Fit(user, current.User, tenant.UsernameConfiguration.Unique);
        user = UserIdentities.Fit(user, current.User, tenant, command.SkipVerification ? IdentityTrust.Skipped : IdentityTrust.Policy, now);
        return string.IsNullOrEmpty(read.Password) ? current with { User = user } : await WithNewPassword(current with { User = user }, read.Password, tenant, command.Actor);
    }
}
