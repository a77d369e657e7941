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
            StoredUser next;
            if (command.ApplicationId is { } application)
            {
                next = user with { SessionsRevokedBeforeByApplication = user.SessionsRevokedBeforeByApplication.SetItem(application, RevocationInstant(user)) };
                commit.Delete(Tables.RefreshToken, ("user_id", _userId), ("application_id", application));
            }
            else
            {
                next = user with { SessionsRevokedBefore = RevocationInstant(user) };
                commit.Delete(Tables.RefreshToken, ("user_id", _userId));
            }

            if (await Store(commit, next, _logins) is CommitResult.Committed) return new UserView(JsonText.From(Show()));
            if (attempt > 0)
            {
                DeactivateOnIdle();
                return Refusal.Conflict;
            }

            await Load();
        }
    }

    private OpenedSession Open(Commit commit, StoredUser user, Entry entry, long now)
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
            // A login in the millisecond of a revocation comes after it.
            Opened = Math.Max(now, Math.Max(RevokedBefore(user, entry.Settings.Application), configuration.Current.SessionsRevokedBefore(entry.Settings.Application.Id)) + 1),
            InsertInstant = now,
            StartInstant = now,
            LastAddress = entry.IpAddress,
            MetaData = entry.Device?.Read<JsonElement>(),
        };
        commit.OpenSession(sessionId, session, entry.Settings.ExpiryOf(session));
        return new OpenedSession(sessionId, value.Reveal());
    }

    /// <summary>Now, and after every earlier revocation: sessions that were opened since, in the same millisecond, are covered too.</summary>
    private long RevocationInstant(StoredUser user) =>
        Math.Max(clock.Now, user.SessionsRevokedBeforeByApplication.Values.Append(user.SessionsRevokedBefore ?? 0).Max() + 1);

    private static long RevokedBefore(StoredUser user, Application? application) => Math.Max(
        user.SessionsRevokedBefore ?? 0,
        application is null ? 0 : user.SessionsRevokedBeforeByApplication.GetValueOrDefault(application.Id));

    /// <summary>Revoked, or from an earlier registration than the present one.</summary>
    private static bool IsOver(StoredUser user, Application? application, long started) =>
        started <= RevokedBefore(user, application) || LoginGates.Registration(user, application)?.InsertInstant > started;
}
