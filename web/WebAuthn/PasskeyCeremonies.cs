using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.WebAuthn;
using OrleansAuth.Tenants;
using OrleansAuth.Users;

namespace OrleansAuth.WebAuthn;

/// <summary>
/// Begins ceremonies and takes their answers, for the API and for pages. What was asked goes along in the challenge; what is
/// answered is verified by the user's grain.
/// </summary>
internal sealed class PasskeyCeremonies(IGrainFactory grains, ConfigurationReader configuration, IStoreReader store, PasskeyQueries passkeys, LoginLookup users, PasskeyChallenges challenges, PasskeyDecoys decoys, RelyingParties parties, Clock clock)
{
    private const int LongestUserAgent = 255;
    private static readonly string[] UsualTypes = ["email", "username"];

    private static Refusal Off { get; } = Refusal.Invalid(ContractError.General("[WebAuthnDisabled]", "Passkeys are switched off for this workflow in the settings of the tenant or the application."));

    private static Refusal Nowhere { get; } = Refusal.Invalid(ContractError.General(
        "[WebAuthnRelyingParty]", "There is no domain to make passkeys for: set the tenant's webAuthnConfiguration.relyingPartyId, or reach the server under a name."));

    /// <summary>Options to make a passkey with.</summary>
    public async Task<Outcome<JsonObject>> StartCreation(StoredUser user, PasskeyCreation wish, CancellationToken stop)
    {
        if (configuration.Current.Find<Tenant>(user.TenantId) is not { State: ObjectState.Active } tenant) return Refusal.NotFound;
        if (PasskeyPolicy.Of(tenant, wish.Application, wish.Workflow) is not { } policy) return Off;
        if (Party(tenant, wish.Browser) is not { } party) return Nowhere;
        var made = new PasskeyChallenge
        {
            Id = Guid.NewGuid(),
            TenantId = tenant.Id,
            ExpiresAt = clock.Now + (tenant.ExternalIdentifierConfiguration.WebAuthnRegistrationChallengeTimeToLiveInSeconds * 1000L),
            Creates = true,
            Workflow = wish.Workflow,
            UserId = user.Id,
            ApplicationId = wish.Application?.Id,
            DisplayName = wish.DisplayName,
            Name = wish.Name ?? user.User.Email ?? user.User.UniqueUsername ?? user.User.Username ?? user.User.PhoneNumber ?? "",
            UserAgent = wish.UserAgent is { Length: > LongestUserAgent } longer ? longer[..LongestUserAgent] : wish.UserAgent,
            Browser = wish.Browser,
        };
        var held = (await passkeys.Of(user.Id, stop))?.Passkeys ?? [];
        return PasskeyOptions.Creation(challenges.Seal(made), made, party, tenant, policy, held);
    }

    /// <summary>Takes a new passkey. Invalid where a step fails.</summary>
    /// <param name="userId">Whose it is to be, as the caller says.</param>
    /// <param name="relyingPartyId">For whom, as the caller says; null where it does not.</param>
    public async Task<Outcome<PasskeyView>> FinishCreation(JsonObject credential, Guid userId, string? relyingPartyId, Guid? tenantId, string? browser, Actor actor)
    {
        var errors = new Errors("credential");
        if (PasskeyAnswers.ReadNew(credential, errors) is not { } read) return errors.Refusal;
        if (await Spend(read.Registration.ClientData, creates: true, tenantId, browser) is not { } asked || asked.Challenge.UserId != userId) return Unaccepted;
        if (asked.Policy is not { } policy) return Off;
        if (relyingPartyId is not null && relyingPartyId != asked.Party.Id) return OtherParty(asked.Party);
        return await grains.UserPasskeys(asked.Tenant.Id, userId).Register(new RegisterPasskey(
            new PasskeyCeremony(asked.Text, asked.Party, policy.RequiresVerification), read.Registration, asked.Challenge.DisplayName ?? "", asked.Challenge.Name ?? "",
            read.IsDiscoverable, read.Transports, asked.Challenge.UserAgent, actor));
    }

    /// <summary>
    /// Options to use a passkey with. A name that nobody has, or whose user has no passkey that would do, gets some that nobody
    /// has; an id is the caller's own knowledge, so it is told.
    /// </summary>
    public async Task<Outcome<JsonObject>> StartUse(PasskeyWish wish, CancellationToken stop)
    {
        if (PasskeyPolicy.Of(wish.Tenant, wish.Application, wish.Workflow) is not { } policy) return Off;
        if (Party(wish.Tenant, wish.Browser) is not { } party) return Nowhere;
        var userId = wish.UserId ?? (wish.LoginId is { } name ? await FindByName(wish.Tenant.Id, name, wish.LoginIdTypes, stop) : null);
        var held = userId is { } id && await passkeys.Of(id, stop) is { } row && row.TenantId == wish.Tenant.Id ? row.Passkeys : [];
        var usable = held.Where(p => p.RelyingPartyId == party.Id && (p.VerifiesUser || !policy.RequiresVerification) && (wish.PasskeyId is null || p.Id == wish.PasskeyId)).ToList();
        if (usable.Count == 0 && (wish.UserId is not null || wish.PasskeyId is not null))
            return Refusal.Invalid(ContractError.At(wish.PasskeyId is null ? "userId" : "credentialId", "invalid", "The user has no such passkey that may be used here."));
        var allowed = usable.Count == 0 && wish.LoginId is { } typed
            ? decoys.For(wish.Tenant.Id, LoginName.Normalise(typed) ?? typed)
            : new JsonArray([.. usable.Select(PasskeyOptions.Descriptor)]);
        var challenge = challenges.Seal(new PasskeyChallenge
        {
            Id = Guid.NewGuid(),
            TenantId = wish.Tenant.Id,
            ExpiresAt = clock.Now + (wish.Tenant.ExternalIdentifierConfiguration.WebAuthnAuthenticationChallengeTimeToLiveInSeconds * 1000L),
            Creates = false,
            Workflow = wish.Workflow,
            UserId = userId,
            ApplicationId = wish.Application?.Id,
            PasskeyId = wish.PasskeyId,
            State = wish.State,
            Browser = wish.Browser,
        });
        return PasskeyOptions.Request(challenge, party, wish.Tenant, policy, allowed);
    }

    /// <summary>Reads the use of a passkey and finds its user, for the grain to verify. Invalid where the answer cannot be read, not found where it answers nothing or nobody.</summary>
    public async Task<Outcome<PasskeyUse>> FinishUse(JsonObject credential, string? relyingPartyId, Guid? tenantId, string? browser, CancellationToken stop)
    {
        var errors = new Errors("credential");
        if (PasskeyAnswers.ReadUse(credential, errors) is not { } read) return errors.Refusal;
        if (await Spend(read.ClientData, creates: false, tenantId, browser) is not { } asked) return Refusal.NotFound;
        if (asked.Policy is not { } policy) return Off;
        if (relyingPartyId is not null && relyingPartyId != asked.Party.Id) return OtherParty(asked.Party);
        if (await passkeys.FindUser(asked.Tenant.Id, read.CredentialId, stop) is not { } userId || (asked.Challenge.UserId is { } meant && meant != userId)) return Refusal.NotFound;
        var ceremony = new PasskeyCeremony(asked.Text, asked.Party, policy.RequiresVerification);
        return new PasskeyUse(asked.Tenant, asked.Challenge, userId, new AssertPasskey(ceremony, read, asked.Challenge.PasskeyId, NeedsHandle: asked.Challenge.UserId is null));
    }

    /// <summary>The answer to every step that fails, where the caller may know that one did.</summary>
    public static Refusal Unaccepted { get; } = Refusal.Invalid(ContractError.At("credential", "invalid", "The passkey was not accepted. Start again."));

    private static Refusal OtherParty(RelyingParty party) => Refusal.Invalid(ContractError.At("rpId", "invalid", $"The [rpId] must be [{party.Id}]."));

    private RelyingParty? Party(Tenant tenant, string? browser) => browser is null ? parties.Of(tenant) : parties.OfOwnPages(tenant);

    private async Task<Asked?> Spend(ReadOnlyMemory<byte> clientData, bool creates, Guid? tenantId, string? browser)
    {
        if (ClientData.Read(clientData) is not { } client || await challenges.Spend(client.Challenge, creates, tenantId) is not { } challenge || challenge.Browser != browser) return null;
        var snapshot = configuration.Current;
        if (snapshot.Find<Tenant>(challenge.TenantId) is not { State: ObjectState.Active } tenant || Party(tenant, browser) is not { } party) return null;
        return new Asked(client.Challenge, challenge, tenant, party, PasskeyPolicy.Of(tenant, snapshot.Find<Application>(challenge.ApplicationId), challenge.Workflow));
    }

    /// <summary>Who has the name, or one who stands in for nobody: the look-up takes the same way.</summary>
    private async Task<Guid> FindByName(Guid tenantId, string loginId, ImmutableArray<string> types, CancellationToken stop)
    {
        var wanted = types.IsDefaultOrEmpty ? UsualTypes : [.. types];
        var mayBePhone = wanted.Contains("phoneNumber");
        var (name, userId) = (LoginName.Typed(loginId, mayBePhone), await users.FindId(tenantId, loginId, mayBePhone, stop));
        var row = await store.Read(UserKeys.State(userId), stop);
        return row is not null && StoredUser.Read(row.Body).User is var user && wanted.Any(type => UserLookup.Name(user, type) == name) ? userId : users.StandIn(loginId, mayBePhone);
    }

    private sealed record Asked(string Text, PasskeyChallenge Challenge, Tenant Tenant, RelyingParty Party, PasskeyPolicy? Policy);
}

/// <summary>A passkey that somebody wants to make.</summary>
/// <param name="Name">Null for a name that the user signs in with.</param>
/// <param name="Browser">The browser that asks, on our own pages; null for the API.</param>
internal sealed record PasskeyCreation(PasskeyWorkflow Workflow, Application? Application, string DisplayName, string? Name, string? UserAgent, string? Browser);

/// <summary>A passkey that somebody wants to use.</summary>
internal sealed record PasskeyWish(Tenant Tenant, Application? Application, PasskeyWorkflow Workflow)
{
    /// <summary>Who it is, as the caller knows.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Who it is, as was typed; null, as is <see cref="UserId"/>, where the passkey is to say it.</summary>
    public string? LoginId { get; init; }

    public ImmutableArray<string> LoginIdTypes { get; init; } = [];

    public Guid? PasskeyId { get; init; }

    public JsonElement? State { get; init; }

    /// <summary>The browser that asks, on our own pages; null for the API.</summary>
    public string? Browser { get; init; }
}

/// <summary>The use of a passkey, read, with the user that its credential is of.</summary>
internal sealed record PasskeyUse(Tenant Tenant, PasskeyChallenge Challenge, Guid UserId, AssertPasskey Command);
