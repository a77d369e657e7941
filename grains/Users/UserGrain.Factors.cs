using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Identifiers;
using OrleansAuth.Mfa;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Identifiers;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>The second factor of a login: asked for, proved, and gone on from.</summary>
internal sealed partial class UserGrain
{
    public async Task<Outcome<FactorProved>> Prove(ProveFactor command)
    {
        var checkedCode = await Twice(() => TryProve(command));
        if (checkedCode.Value is not { Challenge: { } challenge } right) return checkedCode.Refusal is { } refusal ? refusal : new FactorProved(null, null);

        // Of several who prove at once, one goes on.
        var spent = await GrainFactory.Identifier(IdentifierKinds.TwoFactor, command.TwoFactorId).Spend(new SpendIdentifier(_tenantId));
        if (spent.Refusal is { } late) return late;
        if (challenge.OnlyTrust) return new FactorProved(null, right.TrustToken);
        var login = await Twice(() => Continue(command, challenge, right));
        return login.Then(result => new FactorProved(result with { Members = MembersOf(challenge, right, result.Members) }, right.TrustToken)
        {
            TrustId = right.TrustId,
            TrustLifetime = right.TrustLifetime,
            ApplicationId = right.ApplicationId,
        });
    }

    /// <summary>Checks the code, and stores that it is used or that it was wrong.</summary>
    /// <returns>Without a challenge where the code is wrong; null after a lost race.</returns>
    private async Task<Outcome<RightCode>?> TryProve(ProveFactor command)
    {
        if (await OpenChallenge(command.TwoFactorId) is not { } challenge || _user is not { } user) return Refusal.NotFound;
        if (command.ApplicationId is { } named && challenge.ApplicationId is { } begun && named != begun)
            return Refusal.Invalid(ContractError.At("applicationId", "invalid", "The login was begun for another application."));
        var applicationId = challenge.ApplicationId ?? command.ApplicationId;
        if (TokenSettings.Find(configuration.Current, _tenantId, applicationId) is not { } settings) return UnknownApplication(applicationId);
        if (FactorAttempts.Exceeded(_attempts, clock.Now)) return new RightCode(null, null, null);
        var factors = user.Factors ?? StoredFactors.None;
        if (await services.Factors.Accept(_userId, factors, command.Code, SentCodes.ForChallenge(command.TwoFactorId)) is not { } accepted)
            return await CountWrong(new RightCode(null, null, null), TellingOfWrongCode(command.Actor, applicationId));

        var commit = new Commit();
        var trustToken = IssueTrustToken(commit, user, settings, challenge);
        var right = new RightCode(challenge, accepted, trustToken) { ApplicationId = applicationId };
        if (command.TrustsComputer && !challenge.OnlyTrust && FactorPolicy.TrustOf(settings) != Applications.ApplicationMultiFactorTrustPolicy.None)
            right = await Trust(commit, user, settings, command, right);
        var telling = Telling(command.Actor);
        telling?.Add(EventTypes.UserTwoFactorSuccess, p => p.With(("applicationId", applicationId), ("messageType", accepted.Method == FactorMethods.Sms ? "SMS" : null), ("method", accepted.Method)));
        if (await Store(commit, telling, user with { Factors = accepted.Next }, _logins, FactorAttempts.Right(_attempts)) is CommitResult.Committed) return right;
        await Load();
        return null;
    }

    /// <summary>The login that waited, with both factors.</summary>
    private async Task<Outcome<LoginResult>?> Continue(ProveFactor command, StoredChallenge challenge, RightCode right)
    {
        if (_user is not { } user || TokenSettings.Find(configuration.Current, _tenantId, right.ApplicationId) is not { } settings) return Refusal.NotFound;
        var wish = new LoginWish(right.ApplicationId, command.Actor)
        {
            Device = command.Device ?? (challenge.Device is { } device ? JsonText.From(device) : null),
            WithoutSession = challenge.WithoutSession || command.WithoutSession,
            SignOn = challenge.Browser is { } browser ? new OpenSignOn(browser.Remember, browser.UserAgent) : null,
            Seen = challenge.Seen is { } seen ? new SeenDevice(seen.Mark, seen.SaysNew) : null,
        };
        return await Proved(user, settings, wish, new Proof(challenge.AuthenticationType, challenge.LoginId)
        {
            Factor = new FactorProof(clock.Now, right.Accepted!.Method),
            SignedIn = challenge.Session?.SignedIn,
        });
    }

    /// <summary>The answer to a right first factor where a second one is asked for. A hash in an old scheme is renewed here: the password is not known later.</summary>
    private async Task<Outcome<LoginResult>?> Challenge(StoredUser user, TokenSettings settings, LoginWish wish, Proof proof)
    {
        var next = user;
        if (proof.Password is { } password && await Renewed(user, password, settings.Tenant, PasswordStorage.CostOf(settings.Tenant)) is { } renewed) next = user with { Password = renewed };
        var (commit, id) = (new Commit(), IdentifierText.New());
        var need = FactorPolicy.Ask(user, settings);
        Issue(commit, settings, id, new StoredChallenge
        {
            UserId = _userId,
            Generation = user.PasswordGeneration,
            AuthenticationType = proof.AuthenticationType,
            LoginId = proof.LoginId,
            ApplicationId = wish.ApplicationId,
            Device = wish.Device?.Read<JsonElement>(),
            WithoutSession = wish.WithoutSession,
            Browser = wish.SignOn is { } browser ? new StoredBrowser(browser.Remember, browser.UserAgent) : null,
            Seen = wish.Seen is { } seen ? new StoredSeenDevice(seen.Mark, seen.SaysNew) : null,
            SetsUp = need == FactorNeed.SetUp,
        });
        var telling = Telling(wish.Actor);
        telling?.Add(EventTypes.UserTwoFactorChallenge, p => p.With(("applicationId", wish.ApplicationId)));
        if (await Store(commit, telling, next, _logins) is CommitResult.Committed)
            return new LoginResult(LoginStatus.TwoFactor, null, null, null, null) { UserId = _userId, Challenge = FactorDisplay.Challenge(id, user, settings, need, masked: true) };
        await Load();
        return null;
    }

    private void Issue(Commit commit, TokenSettings settings, string id, StoredChallenge challenge) => commit.Issue(IdentifierKinds.TwoFactor, id, new StoredIdentifier
    {
        TenantId = _tenantId,
        IssuedAt = clock.Now,
        ExpiresAt = clock.Now + (settings.Tenant.ExternalIdentifierConfiguration.TwoFactorIdTimeToLiveInSeconds * 1000L),
        Content = JsonSerializer.SerializeToElement(challenge, ContractJson.Options),
    });

    /// <summary>What waits for the second factor, if it is this user's and nothing has made it void.</summary>
    private async Task<StoredChallenge?> OpenChallenge(string twoFactorId)
    {
        if (_user is not { User.Active: true } user || await GrainFactory.Identifier(IdentifierKinds.TwoFactor, twoFactorId).Read(_tenantId) is not { } found) return null;
        var challenge = StoredChallenge.Read(found.Content);
        if (challenge.UserId != _userId || challenge.Generation != user.PasswordGeneration) return null;
        return challenge.Session is { } session && session.Opened <= RevokedBefore(user, null) ? null : challenge;
    }

    /// <returns>Null after a lost race; the grain then holds what is stored now.</returns>
    private async Task<Outcome<T>?> CountWrong<T>(T answer, UserTelling? telling = null)
    {
        if (await Store(new Commit(), telling, _user, _logins, FactorAttempts.Wrong(_attempts, clock.Now)) is CommitResult.Committed) return answer;
        await Load();
        return null;
    }

    private UserTelling? TellingOfWrongCode(Actor actor, Guid? applicationId)
    {
        var telling = Telling(actor);
        telling?.Add(EventTypes.UserTwoFactorFailedAttempt, p => p.With(("applicationId", applicationId)));
        return telling;
    }

    private static JsonText MembersOf(StoredChallenge challenge, RightCode right, JsonText? others)
    {
        var members = others?.Read<JsonObject>() ?? [];
        members["trustToken"] = right.TrustToken;
        if (right.TrustId is { } trust) members["twoFactorTrustId"] = trust;
        if (challenge.State is { } state) members["state"] = JsonNode.Parse(state.GetRawText(), documentOptions: ContractJson.DocumentOptions);
        return JsonText.From(members);
    }

    /// <summary>A code that was right, and what came of it.</summary>
    /// <param name="Challenge">What it was for; null where the code was wrong.</param>
    private sealed record RightCode(StoredChallenge? Challenge, AcceptedCode? Accepted, string? TrustToken)
    {
        public Guid? ApplicationId { get; init; }

        public string? TrustId { get; init; }

        public long TrustLifetime { get; init; }
    }
}
