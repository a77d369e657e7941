using System.Collections.Immutable;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Identifiers;
using OrleansAuth.Mail;
using OrleansAuth.Mfa;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;

namespace OrleansAuth.Users;

/// <summary>Second factors come and go.</summary>
internal sealed partial class UserGrain
{
    private const int MostFactors = 10;
    private const int LongestFactorName = 191;
    private static readonly FactorsChanged WrongCode = new(WasWrong: true, []);
    private static readonly SecureGeneratorConfiguration FactorId = new() { Length = 8, Type = SecureGeneratorType.RandomAlphaNumeric };

    public Task<Outcome<FactorsChanged>> Add(AddFactor command) => Twice(() => TryAdd(command));

    public Task<Outcome<FactorsChanged>> Remove(RemoveFactor command) => Twice(() => TryRemove(command));

    public Task<Outcome<FactorsChanged>> Rename(RenameFactor command) => Twice(async () =>
    {
        if (_user is not { User.Active: true, Factors: { } factors } || factors.Find(command.MethodId) is not { } factor) return Refusal.NotFound;
        if (RefuseName(command.Name) is { } refusal) return refusal;
        return await Change(command.Actor, "has a second factor renamed", factors.With(factor with { Name = command.Name }), new FactorsChanged(false, []));
    });

    public Task<Outcome<FactorsChanged>> RenewRecoveryCodes(RenewRecoveryCodes command) => Twice(async () =>
    {
        if (_user is not { User.Active: true } user) return Refusal.NotFound;
        if (user.Factors is not { Any: true } factors) return Refusal.Invalid(ContractError.General("[TwoFactorNotEnabled]", "The user has no second factor, so there is nothing to recover."));
        var (codes, hashes) = RecoveryCodes.New(_userId);
        return await Change(command.Actor, "has new recovery codes", factors with { RecoveryCodes = hashes }, new FactorsChanged(false, codes));
    });

    private async Task<Outcome<FactorsChanged>?> TryAdd(AddFactor command)
    {
        if (Tenant is not { State: ObjectState.Active } tenant || _user is not { User.Active: true } user) return Refusal.NotFound;
        if (command.TwoFactorId is { } waiting && await OpenChallenge(waiting) is null) return Refusal.NotFound;
        var factors = user.Factors ?? StoredFactors.None;
        if (RefuseNew(command, factors, tenant, out var target) is { } refusal) return refusal;

        // Only codes that were sent can be guessed; the others are of a secret that comes with them.
        var guessed = target is not null;
        if (guessed && FactorAttempts.Exceeded(_attempts, clock.Now)) return WrongCode;
        if (await Proven(command, factors, tenant, target) is not var (left, factor)) return guessed ? await CountWrong(WrongCode) : WrongCode;

        var (first, commit) = (!factors.Any, new Commit());
        var (codes, hashes) = first ? RecoveryCodes.New(_userId) : ([], left.RecoveryCodes);
        var next = left with { Methods = left.Methods.Add(factor with { Name = command.Name }), RecoveryCodes = hashes, Generation = left.Generation + 1 };
        string? code = null;
        if (command.TwoFactorId is { } challenge)
        {
            code = IdentifierText.New(tenant.ExternalIdentifierConfiguration.TwoFactorOneTimeCodeIdGenerator);
            var expires = clock.Now + (tenant.ExternalIdentifierConfiguration.TwoFactorIdTimeToLiveInSeconds * 1000L);
            next = SentCodes.Add(next, SentCodes.ForChallenge(challenge), null, code, expires, clock.Now);
        }

        if (factor.PublicId is { } key) commit.Claim(UserKeys.YubiKey(_tenantId, key), UserKeys.Owner(_userId), _tenantId);
        Tell(commit, Occasion.TwoFactorMethodAdd, user, tenant, command.ApplicationId, factor.Method);
        var after = user with { Factors = next };
        if (first && tenant.JwtConfiguration.RefreshTokenRevocationPolicy.OnMultiFactorEnable)
        {
            after = after.EndSessions(null, clock.Now);
            EndSessions(commit, applicationId: null);
        }

        var attempts = guessed ? FactorAttempts.Right(_attempts) : null;
        return await Change(command.Actor, $"given a second factor [{factor.Method}]", after, commit, attempts, new FactorsChanged(false, codes) { Code = code });
    }

    private Refusal? RefuseNew(AddFactor command, StoredFactors factors, Tenant tenant, out string? target)
    {
        var errors = new Errors("");
        target = null;
        switch (command.Method)
        {
            case FactorMethods.Email or FactorMethods.Sms:
                var wanted = target = FactorTargets.Check(command.Method, command.Target, tenant, errors);
                if (wanted is not null && factors.Methods.Any(m => m.Email == wanted || m.MobilePhone == wanted))
                    errors.AddField(command.Method == FactorMethods.Email ? "email" : "mobilePhone", "duplicate", "The user has this method already.");
                break;
            case FactorMethods.Authenticator:
                FactorTargets.Enabled(tenant.MultiFactorConfiguration.Authenticator.Enabled, command.Method, errors);
                break;
            case FactorMethods.YubiKey:
                FactorTargets.Enabled(command.YubiKey is not null || services.Factors.HasValidationServer, command.Method, errors);
                break;
        }

        if (factors.Methods.Length >= MostFactors) errors.AddField("method", "tooMany", $"A user has at most {MostFactors} second factors.");
        return errors.Any ? errors.Refusal : RefuseName(command.Name);
    }

    /// <summary>The factors with what the code used up, and the method that it proves; null where it is wrong.</summary>
    private async Task<(StoredFactors Left, StoredFactor Factor)?> Proven(AddFactor command, StoredFactors factors, Tenant tenant, string? target)
    {
        var id = IdentifierText.New(FactorId);
        if (target is not null)
        {
            if (SentCodes.Spend(factors, SentCodes.ForTarget(command.Method, target), command.Code.Trim(), clock.Now) is not { } sent) return null;
            return (sent.Next, new StoredFactor
            {
                Id = id,
                Method = command.Method,
                Email = command.Method == FactorMethods.Email ? target : null,
                MobilePhone = command.Method == FactorMethods.Sms ? target : null,
                InsertInstant = clock.Now,
            });
        }

        var factor = command.Method == FactorMethods.YubiKey
            ? await services.Factors.NewYubiKey(_userId, id, command.YubiKey, command.Code)
            : services.Factors.NewAuthenticator(_userId, id, command.Secret, tenant.MultiFactorConfiguration.Authenticator, command.Code);
        return factor is null ? null : (factors, factor);
    }

    private async Task<Outcome<FactorsChanged>?> TryRemove(RemoveFactor command)
    {
        if (Tenant is not { } tenant || _user is not { User.Active: true } user) return Refusal.NotFound;
        var factors = user.Factors ?? StoredFactors.None;
        var factor = factors.Find(command.MethodId);
        if (command.MethodId is not null && factor is null) return Refusal.NotFound;
        if (!factors.Any) return Refusal.NotFound;
        var (left, all) = (factors, factor is null);
        if (!command.ByOperator)
        {
            if (FactorAttempts.Exceeded(_attempts, clock.Now)) return WrongCode;
            var accepted = await services.Factors.Accept(_userId, factors, command.Code ?? "", factor is null ? "" : SentCodes.ForRemoval(factor.Id), command.MethodId ?? "");
            if (accepted is null) return await CountWrong(WrongCode);
            (left, all) = (accepted.Next, accepted.IsRecovery);
        }

        var (commit, gone) = (new Commit(), all ? left.Methods : left.Methods.Where(m => m.Id == factor!.Id).ToImmutableArray());
        var methods = left.Methods.RemoveAll(m => gone.Any(g => g.Id == m.Id));
        // Without a method there is nothing to recover.
        var next = left with { Methods = methods, RecoveryCodes = methods.IsEmpty ? [] : left.RecoveryCodes, Sent = [], Generation = left.Generation + 1 };
        foreach (var key in gone.Where(m => m.PublicId is not null)) commit.Release(UserKeys.YubiKey(_tenantId, key.PublicId!), UserKeys.Owner(_userId));
        var occasion = command.ByOperator ? Occasion.AdminTwoFactorMethodRemove : Occasion.TwoFactorMethodRemove;
        foreach (var method in gone) Tell(commit, occasion, user, tenant, command.ApplicationId, method.Method);
        var attempts = command.ByOperator ? null : FactorAttempts.Right(_attempts);
        return await Change(command.Actor, $"relieved of {gone.Length} second factor(s)", user with { Factors = next }, commit, attempts, new FactorsChanged(false, []));
    }

    private Task<Outcome<FactorsChanged>?> Change(Actor actor, string verb, StoredFactors next, FactorsChanged answer) =>
        Change(actor, verb, _user! with { Factors = next }, new Commit(), null, answer);

    /// <returns>Null after a lost race; the grain then holds what is stored now.</returns>
    private async Task<Outcome<FactorsChanged>?> Change(Actor actor, string verb, StoredUser next, Commit commit, UserAttempts? attempts, FactorsChanged answer)
    {
        services.Audit.Append(commit, actor, $"User with Id [{_userId}] was {verb}", _tenantId);
        switch (await Store(commit, Telling(actor), next, _logins, attempts))
        {
            case CommitResult.Committed:
                return answer;
            case CommitResult.Vetoed vetoed:
                return vetoed.Why;
            case CommitResult.Duplicate:
                return Refusal.Invalid(ContractError.At("code", "duplicate", "This key belongs to somebody already."));
            default:
                await Load();
                return null;
        }
    }

    private void Tell(Commit commit, Occasion occasion, StoredUser user, Tenant tenant, Guid? applicationId, string method)
    {
        var application = configuration.Current.FindIn<Application>(_tenantId, applicationId);
        var notice = new Notice(occasion, user, tenant, application) { Values = new() { ["method"] = method } };
        services.Notices.Mail(commit, notice);
        services.Notices.Text(commit, notice);
    }

    private static Refusal? RefuseName(string? name) => name is { Length: > LongestFactorName } || name?.Any(char.IsControl) == true
        ? Refusal.Invalid(ContractError.At("name", "invalid", $"The [name] has at most {LongestFactorName} characters, and no control characters."))
        : null;
}
