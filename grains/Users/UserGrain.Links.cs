using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.IdentityProviders;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.IdentityProviders;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.Users;

/// <summary>
/// The user's links with persons of identity providers. They are seldom asked for, so the grain keeps none in memory: each
/// decision reads the row, and the commit sees to it that the row is still the one that was read.
/// </summary>
internal sealed partial class UserGrain : IUserLinkGrain
{
    private static readonly Refusal LinkTaken = Refusal.Invalid(ContractError.At("identityProviderLink.identityProviderUserId", "duplicate", "This person of the provider is linked with another user."));

    public Task<Outcome<LinkView>> Link(LinkUser command) => ChangeLinks(command.Actor, EventTypes.UserIdentityProviderLink, "linked with", async held =>
    {
        if (Tenant is not { State: ObjectState.Active } || _user is not { User.Active: true }) return Refusal.NotFound;
        var pending = command.PendingLinkId is { } id ? await new LinkQueries(store).FindPending(id, _tenantId, clock.Now) : null;
        if (command.PendingLinkId is not null && pending is null) return Refusal.Invalid(ContractError.At("pendingIdPLinkId", "invalid", "The [pendingIdPLinkId] is not known, was used already, or is too old."));
        // Whoever confirms signed in for this: a session from before may be somebody else's at the same machine.
        if (command.SignedIn is { } signedIn && (pending is null || signedIn < pending.Since)) return new Refusal(RefusalKind.Forbidden, []);
        if (WantedLink(command, pending) is not { } wanted) return Refusal.Invalid(ContractError.At("identityProviderLink.identityProviderId", "invalid", "There is no such identity provider for users of this tenant, or it has been changed since."));
        return WithLink(held, wanted.Provider, wanted.Link).Then(links => new LinkChange(wanted.Provider, wanted.Link, links) { Takes = pending });
    });

    public Task<Outcome<LinkView>> Unlink(UnlinkUser command) => ChangeLinks(command.Actor, EventTypes.UserIdentityProviderUnlink, "unlinked from", held => Task.FromResult<Outcome<LinkChange>>(
        configuration.Current.Find<IdentityProvider>(command.ProviderId) is { } provider && held?.Links.FirstOrDefault(l => l.IsOf(provider) && l.Subject == command.Subject) is { } gone
            ? new LinkChange(provider, gone, held.Links.Remove(gone))
            : Refusal.NotFound));

    public Task<Outcome<LoginResult>> LogInByLink(LogInByLink command) => Twice(async () =>
    {
        var (identity, wish) = (command.Identity, command.Wish);
        if (TokenSettings.Find(configuration.Current, _tenantId, wish.ApplicationId) is not { Application: { } application } settings) return UnknownApplication(wish.ApplicationId);
        if (configuration.Current.Find<IdentityProvider>(identity.ProviderId) is not { } provider || !provider.Serves(application)) return Closed(LoginStatus.Rejected);
        if (await Registered(provider, application, settings, command) is { } refusal) return refusal;
        var (held, version) = await ReadLinks();
        if (_user is not { } user || held?.Links.FirstOrDefault(l => l.IsOf(provider) && l.Issuer == identity.Issuer && l.Subject == identity.Subject) is not { } link) return Closed(LoginStatus.Rejected);
        return await Proved(user, settings, wish, new Proof(AuthenticationTypes.OpenIdConnect, NameOf(user.User)) { Link = new UsedLink(provider, link, held, version) });
    });

    /// <summary>Decides on the links as stored, commits, and decides once more if somebody else was faster.</summary>
    /// <param name="type">Of the event.</param>
    /// <param name="verb">For the audit log, such as <c>linked with</c>.</param>
    private async Task<Outcome<LinkView>> ChangeLinks(Actor actor, string type, string verb, Func<StoredLinks?, Task<Outcome<LinkChange>>> decide)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (_user is not { } user) return Refusal.NotFound;
            var (held, version) = await ReadLinks();
            var decided = await decide(held);
            if (decided.Value is not { } change) return decided.Refusal!;
            var (commit, telling) = (new Commit().PutLinks(_tenantId, _userId, held, version, change.Links), Telling(actor));
            change.Takes?.Spend(commit);
            if (change.Links.Length != (held?.Links.Length ?? 0)) NoteLink(commit, telling, change.Provider, change.Link, actor, type, verb);
            // The user is written along, unchanged: a user who is removed meanwhile must not leave a link behind.
            switch (await Store(commit, telling, user with { }, _logins))
            {
                case CommitResult.Committed:
                    return new LinkView(JsonText.From(LinkDisplay.Show(_tenantId, _userId, change.Link, change.Provider)));
                case CommitResult.Duplicate:
                    return LinkTaken;
                case CommitResult.Vetoed vetoed:
                    return vetoed.Why;
                case CommitResult.Conflict when attempt == 0:
                    await Load();
                    break;
                default:
                    DeactivateOnIdle();
                    return Refusal.Conflict;
            }
        }
    }

    /// <summary>Registers the user where the provider is set to, and the account may come in.</summary>
    private async Task<Refusal?> Registered(IdentityProvider provider, Application application, TokenSettings settings, LogInByLink command)
    {
        if (provider.ApplicationConfiguration.GetValueOrDefault(application.Id) is not { CreateRegistration: true } || _user is not { } user) return null;
        if (LoginGates.Registration(user, application) is not null || LoginGates.AskAboutAccount(user, _attempts, settings, clock.Now) != LoginStatus.Ok) return null;
        var wanted = JsonText.From(new JsonObject { ["applicationId"] = application.Id });
        var made = await ChangeRegistration(new ChangeRegistration(application.Id, ItemAction.Add, ChangeKind.Replace, wanted, command.Wish.Actor) { LinkOrigin = command.LinkOrigin });
        // Who was registered by somebody else in the meantime is registered.
        return made.Refusal is { Kind: not RefusalKind.Invalid } refusal ? refusal : null;
    }

    /// <summary>The link that a command asks for; null where its provider is not there for the tenant, or is another one by now.</summary>
    private (IdentityProvider Provider, StoredLink Link)? WantedLink(LinkUser command, PendingLink? pending)
    {
        var (providerId, issuer, subject) = pending is { Content: var waiting } ? (waiting.ProviderId, waiting.Issuer, waiting.Subject) : (command.Identity!.ProviderId, command.Identity.Issuer, command.Identity.Subject);
        if (configuration.Current.Find<IdentityProvider>(providerId) is not { } provider || provider.LinkingStrategy == LinkingStrategy.Unsupported) return null;
        if ((provider.TenantId is { } only && only != _tenantId) || provider.OAuth2.Issuer != issuer || (pending is not null && pending.Content.ProviderInstant != provider.InsertInstant)) return null;
        return (provider, NewLink(provider, issuer, subject, pending?.Content.DisplayName ?? command.Identity?.DisplayName));
    }

    private StoredLink NewLink(IdentityProvider provider, string issuer, string subject, string? displayName) => new()
    {
        ProviderId = provider.Id,
        ProviderInstant = provider.InsertInstant,
        Issuer = issuer,
        Subject = subject,
        DisplayName = displayName,
        InsertInstant = clock.Now,
    };

    private Outcome<ImmutableArray<StoredLink>> WithLink(StoredLinks? held, IdentityProvider provider, StoredLink link)
    {
        var links = held?.Links ?? [];
        if (links.Any(l => l.IsOf(provider) && l.Subject == link.Subject)) return links;
        var most = Math.Min(provider.MostLinks(_tenantId) ?? StoredLinks.Most, StoredLinks.Most);
        return links.Length >= StoredLinks.Most || links.Count(l => l.IsOf(provider)) >= most
            ? Refusal.Invalid(ContractError.General("[tooManyLinks]", $"A user may have at most {most} links with this provider."))
            : links.Add(link);
    }

    /// <summary>The link that a new user begins with.</summary>
    private void AddFirstLink(Commit commit, UserTelling? telling, FederatedIdentity identity, Actor actor)
    {
        var provider = configuration.Current.Find<IdentityProvider>(identity.ProviderId)!;
        var link = NewLink(provider, identity.Issuer, identity.Subject, identity.DisplayName);
        commit.PutLinks(_tenantId, _userId, null, 0, [link]);
        NoteLink(commit, telling, provider, link, actor, EventTypes.UserIdentityProviderLink, "linked with");
    }

    private void NoteLink(Commit commit, UserTelling? telling, IdentityProvider provider, StoredLink link, Actor actor, string type, string verb)
    {
        services.Audit.Append(commit, actor, $"User with Id [{_userId}] was {verb} the identity provider [{provider.Name}] with Id [{provider.Id}]", _tenantId);
        telling?.Add(type, p => p.With(("identityProviderLink", LinkDisplay.Show(_tenantId, _userId, link, provider))));
    }

    private async Task<(StoredLinks? Held, long Version)> ReadLinks()
    {
        var row = await store.Read(LinkKeys.State(_userId));
        var held = row is null ? null : StoredLinks.Read(row.Body);
        return held?.TenantId == _tenantId ? (held, row!.Version) : (null, row?.Version ?? 0);
    }

    /// <summary>What becomes of the links.</summary>
    /// <param name="Link">The one that comes or goes.</param>
    /// <param name="Links">All of them afterwards.</param>
    private sealed record LinkChange(IdentityProvider Provider, StoredLink Link, ImmutableArray<StoredLink> Links)
    {
        /// <summary>What was pending and is used up with this; null for nothing.</summary>
        public PendingLink? Takes { get; init; }
    }

    /// <summary>The link that a login is by, as it was read.</summary>
    private sealed record UsedLink(IdentityProvider Provider, StoredLink Link, StoredLinks Held, long Version)
    {
        /// <summary>Notes the use. Where the link was taken away since, the commit is refused.</summary>
        public void Use(Commit commit, Guid userId, long now) =>
            commit.PutLinks(Held.TenantId, userId, Held, Version, Held.Links.Replace(Link, Link with { LastLoginInstant = now }));
    }
}
