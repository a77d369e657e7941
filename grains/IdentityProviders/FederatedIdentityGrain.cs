using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Identifiers;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.IdentityProviders;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.IdentityProviders;

/// <summary>
/// From a person at a provider to a user here: by the link, and where there is none by the provider's strategy. Whatever that
/// is, nobody becomes a user that exists by a name or an address that the provider does not vouch for.
/// </summary>
[GrainType("federated-identity")]
internal sealed class FederatedIdentityGrain(IStoreReader store, ConfigurationReader configuration, Clock clock) : Grain, IFederatedIdentityGrain
{
    private readonly LinkQueries _links = new(store);
    private readonly UserQueries _users = new(store);

    private Guid TenantId => Guid.ParseExact(this.GetPrimaryKeyString().AsSpan(0, 32), "N");

    public async Task<Outcome<FederatedLogin>> SignIn(SignInWithIdentity command)
    {
        var (identity, snapshot) = (command.Identity, configuration.Current);
        if (snapshot.Find<Tenant>(TenantId) is not { State: ObjectState.Active } tenant
            || snapshot.FindIn<Application>(TenantId, command.Wish.ApplicationId) is not { Active: true } application
            || snapshot.Find<IdentityProvider>(identity.ProviderId) is not { } provider || !provider.Serves(application) || provider.OAuth2.Issuer != identity.Issuer)
            return new FederatedLogin(FederatedStatus.NotServed, null, null);

        // Twice: somebody may link, unlink or take a name between looking and doing.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await _links.FindUser(TenantId, provider, identity.Issuer, identity.Subject) is { } known)
            {
                var login = await LogIn(known, command);
                if (login.Refusal is not null || login.Value!.Login!.Status != LoginStatus.Rejected) return login;
                continue;
            }

            if (command.OnlyLinked || provider.LinkingStrategy == LinkingStrategy.Disabled) return new FederatedLogin(FederatedStatus.NotLinked, null, null);
            var decision = await Decide(provider, tenant, identity);
            if (decision == Decision.Wait) break;
            var made = decision.Existing is { } existing
                ? (await GrainFactory.UserLinks(TenantId, existing).Link(new LinkUser(identity, command.Wish.Actor))).Refusal
                : await Create(decision, provider, application, command);
            if (made is { Kind: RefusalKind.Vetoed or RefusalKind.Busy }) return made;
            if (made is { Kind: RefusalKind.Invalid } && !IsRace(made)) break;
        }

        return await Wait(provider, tenant, identity);
    }

    private async Task<Outcome<FederatedLogin>> LogIn(Guid userId, SignInWithIdentity command)
    {
        var login = await GrainFactory.UserLinks(TenantId, userId).LogInByLink(new LogInByLink(command.Identity, command.Wish, command.LinkOrigin));
        return login.Then(result => new FederatedLogin(FederatedStatus.Found, result, null));
    }

    /// <summary>What the strategy makes of somebody who is not linked.</summary>
    private async Task<Decision> Decide(IdentityProvider provider, Tenant tenant, FederatedIdentity identity)
    {
        switch (provider.LinkingStrategy)
        {
            case LinkingStrategy.LinkAnonymously:
                return new Decision(WithEmail: false, WithUsername: false);
            case LinkingStrategy.LinkByEmail or LinkingStrategy.LinkByEmailForExistingUser when identity.Email is { } email:
                if (await Holder(email) is { } holder)
                    return identity.EmailVerified && holder.User is { Active: true, Verified: true } user && user.Email == email ? new Decision(Existing: holder.Id) : Decision.Wait;
                // Where the tenant hides which addresses are known, a made-up address must not tell by being taken at once.
                var hides = !identity.EmailVerified && tenant.EmailConfiguration is { VerifyEmail: true, Unverified.Behavior: UnverifiedBehavior.Gated };
                return provider.LinkingStrategy == LinkingStrategy.LinkByEmail && !hides ? new Decision(WithEmail: true, WithUsername: false) : Decision.Wait;
            case LinkingStrategy.LinkByUsername when LoginName.Normalise(identity.Username) is { } username:
                // A name is nobody's proof (OpenID Connect Core, section 5.7): who has it already has to sign in.
                return await Holder(username) is null ? new Decision(WithEmail: false, WithUsername: true) : Decision.Wait;
            default:
                return Decision.Wait;
        }
    }

    /// <summary>Whoever signs in here with the name.</summary>
    private async Task<StoredUser?> Holder(string name) => await _users.FindByLogin(TenantId, name) is { } id ? (await _users.Find(id))?.User : null;

    private async Task<Refusal?> Create(Decision decision, IdentityProvider provider, Application application, SignInWithIdentity command)
    {
        var identity = command.Identity;
        var user = identity.Profile?.Read<JsonObject>() ?? [];
        if (decision.WithEmail) user["email"] = identity.Email;
        if (decision.WithUsername) user["username"] = identity.Username;
        var registration = provider.ApplicationConfiguration.GetValueOrDefault(application.Id) is { CreateRegistration: true } ? new JsonObject { ["applicationId"] = application.Id } : null;
        var create = new CreateUser(JsonText.From(user), registration is null ? null : JsonText.From(registration), SendSetPasswordEmail: false, SkipVerification: false, command.Wish.Actor)
        {
            ApplicationId = application.Id,
            Identity = identity,
            LinkOrigin = command.LinkOrigin,
        };
        return (await GrainFactory.User(TenantId, Guid.CreateVersion7(clock.UtcNow)).Create(create)).Refusal;
    }

    private static bool IsRace(Refusal refusal) => refusal.Errors.Any(error => error.Code.StartsWith("[duplicate]", StringComparison.Ordinal));

    /// <summary>Keeps whom the provider has proved until a user takes it.</summary>
    private async Task<Outcome<FederatedLogin>> Wait(IdentityProvider provider, Tenant tenant, FederatedIdentity identity)
    {
        var text = IdentifierText.New();
        var content = new StoredPendingLink
        {
            ProviderId = provider.Id,
            ProviderInstant = provider.InsertInstant,
            Issuer = identity.Issuer,
            Subject = identity.Subject,
            Email = identity.Email,
            Username = identity.Username,
            DisplayName = identity.DisplayName,
        };
        var expires = clock.Now + (tenant.ExternalIdentifierConfiguration.PendingAccountLinkTimeToLiveInSeconds * 1000L);
        var issued = await GrainFactory.Identifier(IdentifierKinds.PendingLink, text).Issue(new IssueIdentifier(tenant.Id, expires, JsonText.From(content)) { IsMark = true });
        return issued.Then(_ => new FederatedLogin(FederatedStatus.Pending, null, text));
    }

    /// <param name="Existing">A user to link; null to make one.</param>
    private sealed record Decision(Guid? Existing = null, bool WithEmail = false, bool WithUsername = false)
    {
        /// <summary>The person has to say which user it is.</summary>
        public static readonly Decision Wait = new(Guid.Empty);
    }
}
