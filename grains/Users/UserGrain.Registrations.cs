using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Groups;
using OrleansAuth.Storage.Users;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

internal sealed partial class UserGrain
{
    public async Task<Outcome<RegistrationView>> ChangeRegistration(ChangeRegistration command)
    {
        var (id, owed, changed) = (command.ApplicationId, new List<ProofDraft>(), (StoredUser?)null);
        var refusal = await Commit(
            new UserChange(command.Actor, command.Action switch { ItemAction.Add => "registered", ItemAction.Remove => "unregistered", _ => "updated" } + $" for the application [{id}]"),
            tenant =>
            {
                var next = WithRegistration(command);
                if (next.Value is not { } user) return Task.FromResult(next);
                owed = Owed(_user, user, tenant, id, command.LinkOrigin);
                return Task.FromResult<Outcome<StoredUser>>(changed = With(ProofsOwed.Fit(_user, user), owed));
            },
            (commit, _) =>
            {
                if (command.Action == ItemAction.Remove) EndSessions(commit, id);
                Add(commit, owed, changed!);
            });
        if (refusal is not null) return refusal;
        return new RegistrationView(JsonText.From(Show()), JsonText.From(UserDisplay.ShowRegistration(_user!, _logins, id) ?? [])) { Proofs = [.. owed.Select(Show)] };
    }

    private Outcome<StoredUser> WithRegistration(ChangeRegistration command)
    {
        if (_user is not { } user) return Refusal.NotFound;
        var now = clock.Now;
        var registrations = user.User.Registrations;
        var current = registrations.FirstOrDefault(r => r.ApplicationId == command.ApplicationId);
        if (command.Action != ItemAction.Add && current is null) return Refusal.NotFound;
        if (command.Action == ItemAction.Remove)
            return With(user, registrations.Remove(current!), now).EndSessions(command.ApplicationId, now);

        var errors = new Errors("registration");
        if (command.Action == ItemAction.Add && current is not null)
            return Refusal.Invalid(ContractError.At("registration", "duplicate", "The user is registered for this application already."));
        if (RegistrationRules.FindApplication(configuration.Current, _tenantId, command.ApplicationId, errors) is not { } application) return errors.Refusal;
        JsonObject document;
        try
        {
            document = Patch.Apply(current is null ? [] : ContractJson.ToNode(current), command.Kind, command.Registration!, "registration");
        }
        catch (PatchException error)
        {
            return Refusal.Invalid(ContractError.General("[invalidPatch]", error.Message));
        }

        var options = new RegistrationOptions(command.GenerateAuthenticationToken, command.SkipRegistrationVerification);
        var next = RegistrationRules.Read(document, current, application, options, now, errors);
        if (errors.Any) return errors.Refusal;
        return With(user, current is null ? registrations.Add(next!) : registrations.Replace(current, next!), now);
    }

    private static StoredUser With(StoredUser user, ImmutableArray<UserRegistration> registrations, long now) =>
        user with { User = user.User with { Registrations = registrations, LastUpdateInstant = now } };

    public async Task<Outcome<UserView>> ChangeMemberships(ChangeMemberships command)
    {
        var refusal = await Commit(new UserChange(command.Actor, "moved between groups"), _ => Task.FromResult(WithMemberships(command)));
        return refusal is null ? new UserView(JsonText.From(Show())) : refusal;
    }

    /// <summary>Leaving comes first; joining a group that the user is in changes the data of the membership.</summary>
    private Outcome<StoredUser> WithMemberships(ChangeMemberships command)
    {
        if (_user is not { } user) return Refusal.NotFound;
        var now = clock.Now;
        var members = user.User.Memberships.RemoveAll(m => command.Leave.Contains(m.GroupId!.Value) || command.Leave.Contains(m.Id!.Value));
        foreach (var join in command.Join)
        {
            if (configuration.Current.Find<Group>(join.GroupId) is not { } group || group.TenantId != _tenantId)
                return Refusal.Invalid(ContractError.At("groupId", "invalid", $"There is no group [{join.GroupId}] in the user's tenant."));
            var data = join.Data?.Read<JsonElement>();
            var held = members.FirstOrDefault(m => m.GroupId == join.GroupId);
            if (held is null && members.Any(m => m.Id == join.MemberId))
                return Refusal.Invalid(ContractError.At("memberId", "duplicate", "A membership with this Id already exists."));
            members = held is null
                ? members.Add(new GroupMember { Data = data, GroupId = join.GroupId, Id = join.MemberId, InsertInstant = now, UserId = _userId })
                : members.Replace(held, held with { Data = data });
        }

        return user with { User = user.User with { Memberships = members, LastUpdateInstant = now } };
    }
}
