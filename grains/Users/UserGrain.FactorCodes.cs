using System.Text.Json;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Identifiers;
using OrleansAuth.Mail;
using OrleansAuth.Mfa;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.Users;

/// <summary>Second factors outside of a login: begun, sent, asked about.</summary>
internal sealed partial class UserGrain
{
    private const int LongestCode = 64;

    public Task<Outcome<FactorStarted>> Start(StartFactor command) => Twice(() => TryStart(command));

    public Task<Outcome<FactorCodeSent>> Send(SendFactorCode command) => Twice(() => TrySend(command));

    public async Task<FactorStatus?> Status(ReadFactorStatus query)
    {
        if (_user is not { } user || TokenSettings.Find(configuration.Current, _tenantId, query.ApplicationId) is not { } settings) return null;
        var factors = user.Factors ?? StoredFactors.None;
        var trusted = await Trusts(user, query.TrustId);
        var challenged = query.Action switch
        {
            FactorAction.Login => !FactorPolicy.Satisfied(user, settings, await TrustedDevice(user, settings, query.TrustId)),
            FactorAction.ChangePassword => FactorPolicy.GuardsPassword(user, settings.Tenant),
            _ => factors.Any,
        };
        var trusts = trusted.Select(t => new { t.ApplicationId, Expiration = t.Until, StartInstant = t.Since }).ToArray();
        return new FactorStatus(challenged, JsonText.From(FactorDisplay.Methods(factors, masked: false)), JsonText.From(trusts), factors.RecoveryCodes.Length)
        {
            Masked = JsonText.From(FactorDisplay.Methods(factors, masked: true)),
        };
    }

    private async Task<Outcome<FactorStarted>?> TryStart(StartFactor command)
    {
        if (_user is not { User.Active: true } user) return Refusal.NotFound;
        if (TokenSettings.Find(configuration.Current, _tenantId, command.ApplicationId) is not { } settings) return UnknownApplication(command.ApplicationId);
        if (command.Session is { } session && session.Opened <= RevokedBefore(user, null)) return Refusal.NotFound;
        if (command.Ticket is { } ticket && !Fits(ticket, user)) return Refusal.NotFound;
        if (command.Code is { Length: 0 or > LongestCode }) return Refusal.Invalid(ContractError.At("code", "invalid", $"The [code] has 1 to {LongestCode} characters."));
        var (commit, id) = (new Commit(), IdentifierText.New());
        var need = FactorPolicy.Ask(user, settings);
        Issue(commit, settings, id, ChallengeOf(command, user, need));

        // The caller brings the code to the user, by whatever way; our own pages leave it to the methods.
        var identifiers = settings.Tenant.ExternalIdentifierConfiguration;
        var brought = command is { Session: null, Ticket: null } ? command.Code ?? IdentifierText.New(identifiers.TwoFactorOneTimeCodeIdGenerator) : null;
        var factors = user.Factors ?? StoredFactors.None;
        var next = brought is null ? user : user with { Factors = SentCodes.Add(factors, SentCodes.ForChallenge(id), null, brought, CodeExpiry(settings.Tenant), clock.Now) };
        var telling = Telling(command.Actor);
        telling?.Add(EventTypes.UserTwoFactorChallenge, p => p.With(("applicationId", command.ApplicationId)));
        if (await Store(commit, telling, next, _logins) is CommitResult.Committed)
            return new FactorStarted(FactorDisplay.Challenge(id, next, settings, need, masked: brought is null), brought);
        await Load();
        return null;
    }

    private StoredChallenge ChallengeOf(StartFactor command, StoredUser user, FactorNeed need) => new()
    {
        UserId = _userId,
        Generation = user.PasswordGeneration,
        AuthenticationType = command.Session?.AuthenticationType ?? AuthenticationTypes.OneTimePassword,
        LoginId = NameOf(user.User),
        ApplicationId = command.ApplicationId,
        Browser = command.Session is { Browser: var browser } ? new StoredBrowser(browser.Remember, browser.UserAgent) : null,
        Session = command.Session is { } session ? new StoredFactorSession(session.SessionId, session.Opened, session.SignedIn) : null,
        SetsUp = command.Session is not null && need == FactorNeed.SetUp,
        OnlyTrust = command.Ticket is not null,
        TrustChallenge = command.TrustChallenge is { } text ? HashOf(text) : null,
        State = command.State?.Read<JsonElement>(),
    };

    private async Task<Outcome<FactorCodeSent>?> TrySend(SendFactorCode command)
    {
        if (Tenant is not { State: ObjectState.Active } tenant || _user is not { User.Active: true } user) return Refusal.NotFound;
        var aim = await AimOf(command, user, tenant);
        if (aim.Refusal is { } refusal) return refusal;
        var (purpose, methodId, method, to) = aim.Value!;
        if (RateLimits.Exceeded(_attempts, tenant, LimitedAction.SendTwoFactor, clock.Now)) return new FactorCodeSent(method);

        var text = IdentifierText.New(tenant.ExternalIdentifierConfiguration.TwoFactorOneTimeCodeIdGenerator);
        var application = configuration.Current.FindIn<Application>(_tenantId, command.ApplicationId);
        var (commit, expires) = (new Commit(), CodeExpiry(tenant));
        var notice = new Notice(Occasion.TwoFactorCode, user, tenant, application)
        {
            Code = text,
            To = to,
            Expires = expires,
            Values = new() { ["code"] = text, ["method"] = method, ["expiresInSeconds"] = tenant.ExternalIdentifierConfiguration.TwoFactorOneTimeCodeIdTimeToLiveInSeconds },
        };
        if (!(method == FactorMethods.Email ? services.Notices.Mail(commit, notice) : services.Notices.Text(commit, notice)))
            return Refusal.Invalid(ContractError.General("[MessageNotSent]", $"The tenant has no way to send a code by {method}."));
        var next = user with { Factors = SentCodes.Add(user.Factors ?? StoredFactors.None, purpose, methodId, text, expires, clock.Now) };
        if (await Store(commit, telling: null, next, _logins, RateLimits.Count(_attempts, tenant, LimitedAction.SendTwoFactor, clock.Now)) is CommitResult.Committed) return new FactorCodeSent(method);
        await Load();
        return null;
    }

    /// <summary>What a code is wanted for, and where it goes.</summary>
    private async Task<Outcome<CodeAim>> AimOf(SendFactorCode command, StoredUser user, Tenant tenant)
    {
        if (command.TwoFactorId is { } id && await OpenChallenge(id) is null) return Refusal.NotFound;
        if (command.MethodId is { } methodId)
        {
            return user.Factors?.Find(methodId) is { Method: FactorMethods.Email or FactorMethods.Sms } factor
                ? new CodeAim(command.TwoFactorId is { } challenge ? SentCodes.ForChallenge(challenge) : SentCodes.ForRemoval(factor.Id), factor.Id, factor.Method, (factor.Email ?? factor.MobilePhone)!)
                : Refusal.Invalid(ContractError.At("methodId", "invalid", "The user has no method with this [methodId] that codes are sent by."));
        }

        var errors = new Errors("");
        var target = FactorTargets.Check(command.Method, command.Target, tenant, errors);
        return errors.Any ? errors.Refusal : new CodeAim(SentCodes.ForTarget(command.Method!, target!), null, command.Method!, target!);
    }

    private long CodeExpiry(Tenant tenant) => clock.Now + (tenant.ExternalIdentifierConfiguration.TwoFactorOneTimeCodeIdTimeToLiveInSeconds * 1000L);

    /// <param name="MethodId">Null for an address that is new.</param>
    private sealed record CodeAim(string Purpose, string? MethodId, string Method, string To);
}
