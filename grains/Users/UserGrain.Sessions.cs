using System.Text.Json;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Users;

/// <summary>The user's side of sessions: opening them, ending them, and what their tokens may say.</summary>
internal sealed partial class UserGrain
{
    public Task<Outcome<TokenSubject>> Subject(ReadSubject query)
    {
        Outcome<TokenSubject> answer = Refusal.NotFound;
        if (_user is { User.Active: true } user && !(user.User.Expiry <= clock.Now)
            && TokenSettings.Find(configuration.Current, _tenantId, query.ApplicationId) is { } settings
            && !LoginPreventions.Any(user, _attempts, query.ApplicationId, clock.Now)
            && !(query.SessionStarted is { } started && IsOver(user, settings.Application, started)))
        {
            answer = TokenSubjects.Of(user, settings.Application, configuration.Current);
        }

        return Task.FromResult(answer);
    }

    public async Task<Outcome<UserView>> RevokeSessions(RevokeUserSessions command)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (_user is not { } user) return Refusal.NotFound;
            var commit = new Commit();
            EndSessions(commit, command.ApplicationId);
            var next = user.EndSessions(command.ApplicationId, clock.Now);
            var stored = await Store(commit, Telling(command.Actor), next, _logins);
            if (stored is CommitResult.Committed) return new UserView(JsonText.From(Show()));
            if (stored is CommitResult.Vetoed vetoed) return vetoed.Why;
            if (attempt > 0)
            {
                DeactivateOnIdle();
                return Refusal.Conflict;
            }

            await Load();
        }
    }

    /// <returns>Null where the session would be over at once: its sign-in is older than the application lets sessions live.</returns>
    private OpenedSession? Open(Commit commit, StoredUser user, Entry entry, long now)
    {
        var sessionId = Guid.CreateVersion7(clock.UtcNow);
        var value = RefreshTokenValue.New(_tenantId, sessionId);
        var session = new StoredSession
        {
            TenantId = _tenantId,
            UserId = _userId,
            ApplicationId = entry.Settings.Application!.Id,
            ValueHash = value.Hash(),
            FamilyHash = value.FamilyHash(),
            Opened = OpeningOf(user, entry.Settings.Application, now),
            // A session that opens another must not prolong the sign-in that both are of.
            InsertInstant = entry.Beside?.SignedIn ?? now,
            StartInstant = entry.Beside?.LifetimeStart ?? now,
            LastAddress = entry.IpAddress,
            MetaData = entry.Device?.Read<JsonElement>(),
        };
        var expiry = entry.Settings.ExpiryOf(session);
        if (expiry <= now) return null;
        commit.OpenSession(sessionId, session, expiry);
        return new OpenedSession(sessionId, value.Reveal());
    }

    /// <summary>
    /// When a session that is opened now counts as opened: after every revocation and not before the registration, also in their millisecond, and where
    /// the clock that noted those was ahead of this one.
    /// </summary>
    private long OpeningOf(StoredUser user, Application application, long now) => Math.Max(
        Math.Max(now, LoginGates.Registration(user, application)?.InsertInstant ?? 0),
        Math.Max(RevokedBefore(user, application), configuration.Current.SessionsRevokedBefore(application.Id)) + 1);

    private static long RevokedBefore(StoredUser user, Application? application) => TokenSubjects.RevokedBefore(user, application);

    /// <summary>Revoked, or from an earlier registration than the present one.</summary>
    private static bool IsOver(StoredUser user, Application? application, long started) =>
        started <= RevokedBefore(user, application) || LoginGates.Registration(user, application)?.InsertInstant > started;
}
