using System.Security.Cryptography;
using OrleansAuth.Common;
using OrleansAuth.OAuth;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Users;

namespace OrleansAuth.Sessions;

/// <summary>Loads one single sign-on session and checks it against clock, settings and user each time it is used.</summary>
[GrainType("sign-on")]
internal sealed class SignOnGrain(IStore store, ConfigurationReader configuration, IGrainFactory grains, Clock clock) : Grain, ISignOnGrain
{
    /// <summary>The last use is stored exact to this, so that not every page writes.</summary>
    private const long UseResolution = 60_000;

    /// <summary>Who signs in to more applications than this within one session is not told of the end of the oldest.</summary>
    private const int MostApplications = 100;

    /// <summary>Who signs in again more often than this within one session is not known any more by the oldest of its ids.</summary>
    private const int MostEarlier = 10;

    private Guid _tenantId;
    private Guid _sessionId;
    private StoredSignOn? _session;
    private long _version;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenantId, _sessionId) = SessionGrainKeys.ReadKey(this.GetPrimaryKeyString());
        return Load();
    }

    public async Task<Outcome<SignOnView>> Use(UseSignOn command)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (Alive() is not { } session || !Proves(session, command.Value)) return Refusal.NotFound;
            var subject = await grains.User(_tenantId, session.UserId).Subject(new ReadSubject(null, session.Opened));
            if (subject.Value is not { } user) return Refusal.NotFound;
            var now = clock.Now;
            if (now < session.LastUsed + UseResolution || await Store(session with { LastUsed = now, LastAddress = command.IpAddress }))
                return View(session, user);
            // Somebody used it at the same time in another place: what is stored now decides.
            await Load();
        }

        DeactivateOnIdle();
        return Refusal.Conflict;
    }

    public async Task<Outcome<SignOnView>> Join(JoinSignOn command)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (Alive() is not { } session) return Refusal.NotFound;
            if (session.Applications.Contains(command.ApplicationId)) return View(session, null);
            var known = session.Applications.Length < MostApplications ? session.Applications : session.Applications.RemoveAt(0);
            var next = session with { Applications = known.Add(command.ApplicationId) };
            if (await Store(next)) return View(next, null);
            await Load();
        }

        DeactivateOnIdle();
        return Refusal.Conflict;
    }

    public async Task<Outcome<SignOnView>> Succeed(SucceedSignOn command)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var before = command.Before;
            if (Alive() is not { } session || before.UserId != session.UserId || before.TenantId != _tenantId) return Refusal.NotFound;
            var earlier = before.Earlier.Add(new EarlierSignOn(before.SessionId, before.Applications)).Where(e => e.Applications.Length > 0)
                .Select(e => new StoredEarlierSignOn(e.SessionId, e.Applications)).TakeLast(MostEarlier);
            var next = session with { Earlier = [.. earlier] };
            if (await Store(next)) return View(next, null);
            await Load();
        }

        DeactivateOnIdle();
        return Refusal.Conflict;
    }

    public async Task<Outcome<SignOnView>> End(EndSignOn command)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (_session is not { } session || (command.UserId is { } user && user != session.UserId)) return Refusal.NotFound;
            if (command.Value is { } value && !Proves(session, value)) return Refusal.NotFound;
            if (await Store(null, command.Issuer)) return View(session, null);
            await Load();
        }

        DeactivateOnIdle();
        return Refusal.Conflict;
    }

    /// <summary>The session, if its tenant exists and its time is not over.</summary>
    private StoredSignOn? Alive() =>
        _session is { } session && TokenSettings.Find(configuration.Current, _tenantId, null) is { } settings && clock.Now < settings.ExpiryOf(session) ? session : null;

    private bool Proves(StoredSignOn session, string text) =>
        RefreshTokenValue.TryRead(text, out var value) && value.TenantId == _tenantId && value.SessionId == _sessionId
        && CryptographicOperations.FixedTimeEquals(value.Hash(), session.ValueHash);

    private SignOnView View(StoredSignOn session, TokenSubject? user) =>
        new(_sessionId, _tenantId, session.UserId, session.Opened, session.SignedIn, session.AuthenticationType, session.Remembered, session.Applications)
        {
            LoginName = user?.Email ?? user?.Username,
            Factor = session.Factor,
            Earlier = [.. session.Earlier.Select(e => new EarlierSignOn(e.SessionId, e.Applications))],
        };

    /// <param name="issuer">Tells the applications of an end in this name; null tells nobody.</param>
    /// <returns>False where somebody else changed the session first.</returns>
    private async Task<bool> Store(StoredSignOn? next, string? issuer = null)
    {
        var commit = next is null
            ? new Commit().Remove(StoredSignOn.Key(_sessionId), _version).Delete(Tables.RefreshToken, ("id", _sessionId))
            : new Commit().Put(StoredSignOn.Key(_sessionId), _version, next.Write(), _tenantId)
                .Update(Tables.RefreshToken, ("id", _sessionId), ("start_instant", next.LastUsed), ("expires_at", Expiry(next)));
        if (next is null && issuer is not null) BackChannelLogoutQueue.Announce(commit, View(_session!, null), issuer, configuration.Current, clock.UtcNow);
        try
        {
            if (await store.Apply(commit) is not CommitResult.Committed) return false;
            (_session, _version) = (next, next is null ? 0 : _version + 1);
            return true;
        }
        catch
        {
            // The outcome is unknown: only a fresh activation, which reads the store, may answer from here on.
            DeactivateOnIdle();
            throw;
        }
    }

    private long Expiry(StoredSignOn session) => TokenSettings.Find(configuration.Current, _tenantId, null)?.ExpiryOf(session) ?? clock.Now;

    private async Task Load()
    {
        var row = await store.Read(StoredSignOn.Key(_sessionId));
        _version = row?.Version ?? 0;
        _session = row is null ? null : StoredSignOn.Read(row.Body);

        // A key that names another tenant than the stored one finds nothing.
        if (_session?.TenantId != _tenantId) _session = null;
    }
}
