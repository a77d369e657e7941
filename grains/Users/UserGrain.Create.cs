using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Groups;
using OrleansAuth.Mail;
using OrleansAuth.Recovery;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

internal sealed partial class UserGrain
{
    public async Task<Outcome<UserCreated>> Create(CreateUser command)
    {
        if (UserGrainKeys.IsReserved(_userId)) return Refusal.Invalid(ContractError.At("user.id", "invalid", "This Id is reserved."));
        // The removal of a tenant takes users out of the store behind their grains, and their ids are free again.
        if (_version > 0) await Load();
        var (draft, opened, owed) = (new Outcome<StoredUser>(), (OpenedSession?)null, new List<ProofDraft>());
        IReadOnlyList<CompletedProof> completed = [];
        var refusal = await Commit(
            new UserChange(command.Actor, "created"),
            async tenant =>
            {
                draft = await Draft(command, tenant);
                if (draft.Value is not { } user) return draft;
                completed = await Completed(command.VerificationIds);
                if (CompletedProof.Apply(user, completed, command.VerificationIds.Length, clock.Now) is not { } proved) return draft = CompletedProof.Invalid;
                user = proved;
                owed = Owed(null, user, tenant, command.ApplicationId ?? FirstApplication(user), command.LinkOrigin, ProvedByFirstPassword(command, tenant));
                return draft = With(user, owed);
            },
            (commit, telling) =>
            {
                if (command.Identity is { } identity) AddFirstLink(commit, telling, identity, command.Actor);
                opened = command.OpensSession ? OpenFirst(commit, draft.Value!, command.Actor) : null;
                if (command.SetsPasswordLater && command.LinkOrigin is { } origin) SendFirstPassword(commit, draft.Value!, origin, command.SendSetPasswordText ? TicketWay.Text : TicketWay.Mail);
                Add(commit, owed, draft.Value!);
                foreach (var proof in completed) proof.Spend(commit);
            });
        if (refusal is not null) return refusal;
        var applicationId = FirstApplication(_user!);
        return new UserCreated(
            JsonText.From(Show()),
            applicationId is { } id ? JsonText.From(UserDisplay.ShowRegistration(_user!, _logins, id)!) : null,
            TokenSubjects.Of(_user!, configuration.Current.Find<Application>(applicationId), configuration.Current))
        {
            Session = opened,
            Gated = FirstSettings(_user!) is null,
            Proofs = [.. owed.Select(Show)],
        };
    }

    /// <summary>The identity that the link to the first password proves as well; null for none.</summary>
    private static string? ProvedByFirstPassword(CreateUser command, Tenant tenant) => command switch
    {
        { LinkOrigin: null } => null,
        { SendSetPasswordText: true } => tenant.PhoneConfiguration.ImplicitPhoneVerificationAllowed ? UserIdentities.PhoneNumber : null,
        { SendSetPasswordEmail: true } => tenant.EmailConfiguration.ImplicitEmailVerificationAllowed ? UserIdentities.Email : null,
        _ => null,
    };

    /// <summary>The link by which the new user chooses a password; without an address or number there is none.</summary>
    private void SendFirstPassword(Commit commit, StoredUser draft, string origin, TicketWay way)
    {
        if (Tenant is not { } tenant || (way == TicketWay.Mail && draft.User.Email is null)) return;
        var order = new TicketOrder(Occasion.SetPassword, origin, FirstApplication(draft), null, way);
        services.Tickets.Send(commit, draft, tenant, order, services.Tickets.Issue(commit, draft, tenant, order));
    }

    /// <summary>The session that comes with a first registration, where the application has sessions and no gate is shut.</summary>
    private OpenedSession? OpenFirst(Commit commit, StoredUser draft, Actor actor) =>
        FirstSettings(draft) is { } settings && LoginGates.OpensSession(draft, settings.Application)
            ? Open(commit, draft, new Entry(LoginStatus.Ok, settings, null, actor) { AuthenticationType = AuthenticationTypes.Registration }, clock.Now)
            : null;

    /// <summary>What the user's first token is made by, or null where a gate withholds it.</summary>
    private TokenSettings? FirstSettings(StoredUser created) =>
        TokenSettings.Find(configuration.Current, _tenantId, FirstApplication(created)) is { } settings && !LoginGates.WithholdsFirstToken(created, settings, clock.Now)
            ? settings
            : null;

    private static Guid? FirstApplication(StoredUser created) => created.User.Registrations.FirstOrDefault()?.ApplicationId;

    /// <summary>The new user by the rules, password hashed.</summary>
    private async Task<Outcome<StoredUser>> Draft(CreateUser command, Tenant tenant)
    {
        if (_version > 0) return Refusal.Invalid(ContractError.At("user.id", "duplicate", "A user with this Id already exists."));
        var now = clock.Now;
        var errors = new Errors("user");
        var document = (JsonObject)JsonNode.Parse(command.User.Utf8.Span)!;
        var memberships = document["memberships"] as JsonArray;
        document.Remove("memberships");
        if (UserRules.Read(document, null, errors) is not { } read) return errors.Refusal;
        UserRules.Check(read, null, tenant, command.DisableDomainBlock, now, errors, mayBeNameless: command.Identity is not null);
        if (read.Password is { Length: > 0 } password) PasswordRules.Check(password, tenant, read, errors);
        else if (!command.SetsPasswordLater && command.Identity is null) errors.Add("password", "blank", "The user needs a password.");
        if (command.SendSetPasswordText) CheckText(read, tenant, errors);

        var user = read with
        {
            Id = _userId,
            TenantId = _tenantId,
            InsertInstant = now,
            LastUpdateInstant = now,
            Memberships = ReadMemberships(memberships, now, errors),
            Password = null,
            PasswordLastUpdateInstant = string.IsNullOrEmpty(read.Password) ? null : now,
        };
        user = UniqueUsername.Fit(user, null, tenant.UsernameConfiguration.Unique);
        user = UserIdentities.Fit(user, null, tenant, command.SkipVerification ? IdentityTrust.Skipped : IdentityTrust.Policy, now);
        if (command.Identity is { } identity && user.Email is not null) user = UserIdentities.Vouched(user, identity.EmailVerified && identity.Email == user.Email, now);
        var registered = FirstRegistration(command, now);
        if (errors.Any || registered.Refusal is not null)
            return Refusal.Invalid([.. errors.ToImmutable(), .. registered.Refusal?.Errors ?? []]);
        user = user with { Registrations = registered.Value };
        return await WithPassword(new StoredUser { User = user }, read.Password, tenant, command.Actor);
    }

    /// <summary>Whoever is to choose a password by a text message has to get one, or there would be no way in.</summary>
    private void CheckText(User user, Tenant tenant, Errors errors)
    {
        if (LoginName.Phone(user.PhoneNumber) is null) errors.Add("phoneNumber", "blank", "The user needs a phone number for the message that leads to the first password.");
        if (!services.Notices.CanText(tenant)) errors.AddField("sendSetPasswordIdentityType", "invalid", "The tenant has no messenger in [phoneConfiguration.messengerId], so no message can be sent to a phone.");
    }

    private async Task<Outcome<StoredUser>> WithPassword(StoredUser draft, string? password, Tenant tenant, Actor actor)
    {
        if (string.IsNullOrEmpty(password)) return draft;
        if (await RefuseTaken(draft.User, actor) is { } taken) return taken;
        if (await services.Breaches.Refuse(password, tenant.PasswordValidationRules.BreachDetection) is { } breached) return breached;
        var hashed = await Hash(password, tenant);
        return hashed.Refusal is { } busy ? busy : draft with { Password = hashed.Value, User = Unbreached(draft.User, tenant) };
    }

    private Outcome<ImmutableArray<UserRegistration>> FirstRegistration(CreateUser command, long now)
    {
        if (command.Registration is not { } text) return ImmutableArray<UserRegistration>.Empty;
        var errors = new Errors("registration");
        var document = (JsonObject)JsonNode.Parse(text.Utf8.Span)!;
        if (RegistrationRules.ReadApplicationId(document, errors) is not { } id
            || RegistrationRules.FindApplication(configuration.Current, _tenantId, id, errors) is not { } application) return errors.Refusal;
        var options = new RegistrationOptions(command.GenerateAuthenticationToken, command.SkipRegistrationVerification);
        var registration = RegistrationRules.Read(document, null, application, options, now, errors);
        return errors.Any ? errors.Refusal : ImmutableArray.Create(registration!);
    }

    private ImmutableArray<GroupMember> ReadMemberships(JsonArray? memberships, long now, Errors errors)
    {
        if (memberships is null) return [];
        var members = ImmutableArray.CreateBuilder<GroupMember>();
        foreach (var item in memberships)
        {
            if (item is not JsonObject document || ContractReading.Read<GroupMember>(ContractJson.WithoutNulls((JsonObject)document.DeepClone()), "user.memberships", errors) is not { } member) continue;
            if (configuration.Current.Find<Group>(member.GroupId) is not { } group || group.TenantId != _tenantId || members.Any(m => m.GroupId == group.Id || (member.Id is { } id && m.Id == id)))
                errors.Add("memberships", "invalid", "The [memberships] must name groups of the user's tenant, each once.");
            else
                members.Add(member with { Id = member.Id ?? Guid.CreateVersion7(), InsertInstant = now, UserId = _userId });
        }

        return members.ToImmutable();
    }

    private async Task<Outcome<StoredPassword>> Hash(string password, Tenant tenant)
    {
        var hashed = await passwords.Hash(password, PasswordStorage.CostOf(tenant));
        return hashed.Hash is { } hash ? PasswordStorage.Stored(hash) : Refusal.Busy(hashed.RetryAfter);
    }
}
