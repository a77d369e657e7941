using OrleansAuth.Common;
using OrleansAuth.Passwordless;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Verification;
using OrleansAuth.Tokens;

namespace OrleansAuth.Users;

/// <summary>Signing in with what was sent to the user.</summary>
internal sealed partial class UserGrain
{
    /// <summary>The code is used up first, in a commit of its own: whatever the gates say afterwards, it is never good again.</summary>
    public async Task<Outcome<LoginResult>> LogInWithProof(LogInWithProof command)
    {
        if (TokenSettings.Find(configuration.Current, _tenantId, command.Wish.ApplicationId) is not { } settings) return UnknownApplication(command.Wish.ApplicationId);
        for (var attempt = 0; ; attempt++)
        {
            var judged = Judge(command.Proof, command.Code, command.Browser);
            var right = judged.Verdict == ProofVerdict.Right && settings.Application is { PasswordlessConfiguration.Enabled: true };
            if (!right && command.Code is null) return Closed(LoginStatus.Rejected);
            var next = _user;
            if (right) next = Verified(_user!.WithoutLogins(), command.Proof, judged.Proof!, settings.Tenant);
            else if (judged.Proof is { } proof) next = _user!.WithProof(judged.Key, proof with { Wrong = proof.Wrong + 1 }, clock.Now);
            // Every code that is not right costs one commit, also of who stands in and where codes are not looked at any more.
            var stored = await Store(new Commit(), right ? Telling(command.Wish.Actor) : null, next, _logins, right ? null : WithWrongCode(counts: judged.Proof is not null));
            if (stored is CommitResult.Vetoed vetoed) return vetoed.Why;
            if (stored is CommitResult.Committed)
                return right ? await Twice(() => Enter(settings, command.Wish, AuthenticationTypes.Passwordless)) : Closed(LoginStatus.Rejected);
            if (attempt > 0) return Lost();
            await Load();
        }
    }

    public Task<Outcome<LoginResult>> LogInAfterGate(LogInAfterGate command) => Twice(async () =>
    {
        if (TokenSettings.Find(configuration.Current, _tenantId, command.Wish.ApplicationId) is not { } settings) return UnknownApplication(command.Wish.ApplicationId);
        if (_user is not { } user || command.Proved <= RevokedBefore(user, null) || command.Proved < user.User.PasswordLastUpdateInstant) return Closed(LoginStatus.Rejected);
        return await Enter(settings, command.Wish, command.AuthenticationType, command.Proved, command.Factor);
    });

    /// <param name="provedAt">When the first factor was proved, milliseconds since 1970; null for now.</param>
    /// <param name="factor">The second one, where that was proved as well.</param>
    private async Task<Outcome<LoginResult>?> Enter(TokenSettings settings, LoginWish wish, string authenticationType, long? provedAt = null, Mfa.FactorProof? factor = null) => _user is { } user
        ? await Proved(user, settings, wish, new Proof(authenticationType, NameOf(user.User)) { SignedIn = provedAt, Factor = factor })
        : Closed(LoginStatus.Rejected);
}
