using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Mfa;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>Signing in on our own pages, and what comes of it in other applications.</summary>
internal sealed partial class UserGrain
{
    private const int LongestUserAgent = 512;

    public async Task<Outcome<Admission>> Admit(AdmitUser command)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (_user is not { } user) return Refusal.NotFound;
            if (TokenSettings.Find(configuration.Current, _tenantId, command.ApplicationId) is not { } settings) return UnknownApplication(command.ApplicationId);
            if (command.Opened <= RevokedBefore(user, null)) return Refusal.NotFound;
            var status = LoginGates.Ask(user, _attempts, settings, clock.Now);
            if (status > LoginStatus.TwoFactor && !FactorPolicy.Satisfied(user, settings, command.Factor)) status = LoginStatus.TwoFactor;
            if (!LoginGates.LetsIn(status, settings)) return new Admission(status, null, null) { Actions = ClosedTo(user, status, settings).Actions };
            var (commit, now) = (new Commit(), clock.Now);
            // A refresh token asks for the registration with every use, so without one it would be of no use.
            var opened = command.Session is { } wanted && LoginGates.Registration(user, settings.Application) is not null ? Open(commit, user, settings, wanted, command.Actor, now) : null;
            var telling = command.Counts ? Telling(command.Actor) : null;
            var logins = command.Counts ? Record(commit, telling, user, Login(status, settings, user, command.Actor), now) : _logins;
            var stored = opened is null && !command.Counts ? null : await Store(commit, telling, user, logins);
            if (stored is CommitResult.Vetoed vetoed) return vetoed.Why;
            if (stored is null or CommitResult.Committed)
                return new Admission(status, TokenSubjects.Of(user, settings.Application, configuration.Current), opened);
            if (attempt > 0) break;
            await Load();
        }

        DeactivateOnIdle();
        return Refusal.Conflict;
    }

    public Task<Outcome<JsonText>> Claims(ReadClaims query)
    {
        Outcome<JsonText> answer = Refusal.NotFound;
        if (_user is { User.Active: true } user && !(user.User.Expiry <= clock.Now)
            && TokenSettings.Find(configuration.Current, _tenantId, query.ApplicationId) is { } settings
            && !(query.Opened is { } opened && opened <= RevokedBefore(user, settings.Application)))
        {
            answer = JsonText.From(StandardClaims.Of(user, settings.Application!, query.Scopes, configuration.Current));
        }

        return Task.FromResult(answer);
    }

    /// <summary>A name that the user signs in with, best the e-mail.</summary>
    private static string? NameOf(User user) => user.Email ?? user.UniqueUsername ?? user.Username ?? user.PhoneNumber;

    private static Entry Login(LoginStatus status, TokenSettings settings, StoredUser user, Actor actor) =>
        new(status, settings, NameOf(user.User), actor) { AuthenticationType = Tokens.AuthenticationTypes.JwtSso };

    /// <summary>A new single sign-on session, with a value that no browser had before.</summary>
    private OpenedSession OpenSignOn(Commit commit, StoredUser user, OpenSignOn browser, Entry entry, long now)
    {
        var sessionId = Guid.CreateVersion7(clock.UtcNow);
        var value = RefreshTokenValue.New(_tenantId, sessionId);
        var session = new StoredSignOn
        {
            TenantId = _tenantId,
            UserId = _userId,
            ValueHash = value.Hash(),
            // A login in the millisecond of a revocation comes after it.
            Opened = Math.Max(now, RevokedBefore(user, null) + 1),
            SignedIn = entry.SignedIn ?? now,
            LastUsed = now,
            Factor = entry.Factor,
            AuthenticationType = entry.AuthenticationType,
            Remembered = browser.Remember,
            LastAddress = entry.IpAddress,
            UserAgent = browser.UserAgent is { Length: > LongestUserAgent } longer ? longer[..LongestUserAgent] : browser.UserAgent,
        };
        commit.OpenSignOn(sessionId, session, entry.Settings.ExpiryOf(session));
        return new OpenedSession(sessionId, value.Reveal());
    }

    /// <returns>Null where the session would be over at once: its sign-in is older than the application lets sessions live.</returns>
    private OpenedSession? Open(Commit commit, StoredUser user, TokenSettings settings, NewSession wanted, Actor actor, long now)
    {
        var value = RefreshTokenValue.New(_tenantId, wanted.SessionId);
        var session = new StoredSession
        {
            TenantId = _tenantId,
            UserId = _userId,
            ApplicationId = settings.Application!.Id,
            ValueHash = value.Hash(),
            FamilyHash = value.FamilyHash(),
            Opened = OpeningOf(user, settings.Application, now),
            InsertInstant = wanted.SignedIn,
            // The life of a refresh token begins with the token (RFC 6749, section 5.1), not with the sign-in that it is of.
            StartInstant = now,
            LastAddress = actor.IpAddress,
            Grant = StoredGrants.Keep(wanted.Grant),
            MetaData = wanted.Device?.Read<System.Text.Json.JsonElement>(),
        };
        var expiry = settings.ExpiryOf(session);
        if (expiry <= now) return null;
        commit.OpenSession(wanted.SessionId, session, expiry);
        return new OpenedSession(wanted.SessionId, value.Reveal());
    }
}
