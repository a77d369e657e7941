using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Events;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <summary>
/// Loads one session, decides by <see cref="RefreshPolicy"/> and commits. A rotation is a compare-and-set on the state row, so
/// a value is spent once even if two activations exist for a moment, and stays spent across a restart.
/// </summary>
[GrainType("session")]
internal sealed partial class SessionGrain(IStore store, ConfigurationReader configuration, IGrainFactory grains, EventSource source, Clock clock) : Grain, ISessionGrain
{
    private Guid _tenantId;
    private Guid _sessionId;
    private StoredSession? _session;
    private long _version;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenantId, _sessionId) = SessionGrainKeys.ReadKey(this.GetPrimaryKeyString());
        return Load();
    }

    public async Task<Outcome<Refreshed>> Refresh(RefreshSession command)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (_session is not { } session || Settings(session, command.ThroughApi) is not { } settings || !IsFor(session, command)) return SessionErrors.InvalidToken;
            var now = clock.Now;
            var policy = RefreshPolicy.InForce(session, settings.Jwt);
            var value = RefreshPolicy.Recognise(session, command.Token, policy, now);
            if (value == PresentedValue.Foreign || now >= settings.ExpiryOf(session)) return SessionErrors.InvalidToken;
            if (value == PresentedValue.Spent)
            {
                // Somebody has a copy: nobody is asked whether to end that.
                if (!policy.RefreshTokenRevocationPolicy.OnOneTimeTokenReuse || await End(session, Revoked(session, command.Actor, asks: false)) is CommitResult.Committed) return SessionErrors.InvalidToken;
            }
            else
            {
                if (await Subject(session) is not { } subject) return SessionErrors.InvalidToken;
                var (next, token) = value == PresentedValue.InGrace
                    ? (session, RefreshPolicy.Again(session, _sessionId, command.Token))
                    : RefreshPolicy.Use(session, _sessionId, command.Token, policy, command.Actor.IpAddress, now);
                var commit = new Commit();
                if (!ReferenceEquals(next, session)) commit.UseSession(_sessionId, next, _version, settings.ExpiryOf(next));
                var stored = await Store(commit, Refreshed(session, command, token), session, next);
                if (stored is CommitResult.Vetoed vetoed) return vetoed.Why;
                if (stored is CommitResult.Committed)
                    return new Refreshed(_sessionId, token, session.ApplicationId, session.InsertInstant, subject) { Grant = StoredGrants.Show(session.Grant) };
            }

            if (attempt > 0) return GiveUp();
            await Load();
        }
    }

    public async Task<Outcome<CheckedSession>> Check(CheckSession query)
    {
        if (_session is not { } session || session.UserId != query.UserId || Settings(session, throughApi: false) is not { } settings) return SessionErrors.InvalidToken;
        var now = clock.Now;
        var value = RefreshPolicy.Recognise(session, query.Token, RefreshPolicy.InForce(session, settings.Jwt), now);
        if (value is not (PresentedValue.Current or PresentedValue.InGrace) || now >= settings.ExpiryOf(session)) return SessionErrors.InvalidToken;
        if (await Subject(session) is null) return SessionErrors.InvalidToken;
        return new CheckedSession(session.ApplicationId, session.Opened, session.InsertInstant, session.StartInstant);
    }

    public async Task<SessionView?> Read() =>
        _session is { } session && Settings(session, throughApi: false) is { } settings && clock.Now < settings.ExpiryOf(session) && await Subject(session) is not null
            ? View(session)
            : null;

    public async Task<Outcome<SessionView>> Import(ImportSession command)
    {
        if (_version > 0) return SessionErrors.DuplicateId;
        if (TokenSettings.Find(configuration.Current, _tenantId, command.ApplicationId) is not { } settings) return SessionErrors.InvalidApplication;
        var subject = await grains.User(_tenantId, command.UserId).Subject(new ReadSubject(command.ApplicationId, null));
        if (subject.Value is not { } known || (command.ApplicationId is not null && !known.Registered)) return SessionErrors.InvalidUser;
        var hash = StoredSession.HashImported(command.Token);
        var now = clock.Now;
        var session = new StoredSession
        {
            TenantId = _tenantId,
            UserId = command.UserId,
            ApplicationId = command.ApplicationId,
            ValueHash = hash,
            ImportedHash = hash,
            Opened = now,
            InsertInstant = command.InsertInstant ?? now,
            StartInstant = command.StartInstant ?? command.InsertInstant ?? now,
            MetaData = command.MetaData?.Read<JsonElement>(),
            Data = command.Data?.Read<JsonElement>(),
        };
        return await Apply(new Commit().OpenSession(_sessionId, session, settings.ExpiryOf(session)), events: null, session) switch
        {
            CommitResult.Committed => View(session),
            CommitResult.Duplicate => SessionErrors.DuplicateToken,
            _ => GiveUp(),
        };
    }

    public async Task<Outcome<SessionView>> Revoke(RevokeSession command)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (_session is not { } session || (command.UserId is { } user && user != session.UserId)) return Refusal.NotFound;
            if (command.Token is { } token && !RefreshPolicy.IsGenuine(session, token)) return Refusal.NotFound;
            var ended = await End(session, Revoked(session, command.Actor, asks: true));
            if (ended is CommitResult.Committed) return View(session);
            if (ended is CommitResult.Vetoed vetoed) return vetoed.Why;
            await Load();
        }

        return GiveUp();
    }

    /// <summary>The settings that are in force, or null where tenant or application take no refresh tokens (any more).</summary>
    private TokenSettings? Settings(StoredSession session, bool throughApi)
    {
        var snapshot = configuration.Current;
        if (TokenSettings.Find(snapshot, _tenantId, session.ApplicationId) is not { } settings) return null;
        if (throughApi && settings.Application is { LoginConfiguration.AllowTokenRefresh: false }) return null;
        return snapshot.SessionsOver(session) ? null : settings;
    }

    /// <summary>An OAuth 2.0 client uses its own tokens only, with the key that they are bound to; a bound token is of no use without the key.</summary>
    private static bool IsFor(StoredSession session, RefreshSession command) =>
        (command.Client is null || command.Client.ApplicationId == session.ApplicationId)
        && (session.Grant?.Thumbprint is not { } bound || bound == command.Client?.Thumbprint);

    /// <summary>What tokens may say about the user now, or null where the user may not go on.</summary>
    private async Task<TokenSubject?> Subject(StoredSession session)
    {
        var subject = await grains.User(_tenantId, session.UserId).Subject(new ReadSubject(session.ApplicationId, session.Opened));
        return subject.Value is { } value && (session.ApplicationId is null || value.Registered) ? value : null;
    }

    private SessionView View(StoredSession session) => new(_tenantId, session.UserId, session.ApplicationId, JsonText.From(SessionDisplay.Show(_sessionId, session))) { Scope = session.Grant?.Scope };

    /// <summary>Ends the session for good.</summary>
    private Task<CommitResult> End(StoredSession session, OperationEvents? events) => Store(new Commit().EndSession(_sessionId, session, _version), events, session, null);

    /// <summary>Stores what changes, if anything does, with what it tells, once those agree who are asked.</summary>
    private async Task<CommitResult> Store(Commit commit, OperationEvents? events, StoredSession session, StoredSession? next)
    {
        if (ReferenceEquals(session, next) && events is null) return new CommitResult.Committed(0);
        return await Apply(commit, events, next, changes: !ReferenceEquals(session, next));
    }

    private async Task<CommitResult> Apply(Commit commit, OperationEvents? events, StoredSession? next, bool changes = true)
    {
        try
        {
            var result = events is null ? await store.Apply(commit) : await events.Apply(commit);
            if (result is CommitResult.Committed && changes) (_session, _version) = (next, next is null ? 0 : _version + 1);
            return result;
        }
        catch
        {
            // The outcome is unknown: only a fresh activation, which reads the store, may answer from here on.
            DeactivateOnIdle();
            throw;
        }
    }

    private Refusal GiveUp()
    {
        DeactivateOnIdle();
        return Refusal.Conflict;
    }

    private async Task Load()
    {
        var stored = await store.Read(StoredSession.Key(_sessionId));
        _version = stored?.Version ?? 0;
        _session = stored is null ? null : StoredSession.Read(stored.Body);

        // A key that names another tenant than the stored one finds nothing.
        if (_session?.TenantId != _tenantId) _session = null;
    }
}
