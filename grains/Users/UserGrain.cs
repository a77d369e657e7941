using OrleansAuth.Common;
using OrleansAuth.Mfa;
using OrleansAuth.Passwordless;
using OrleansAuth.Recovery;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.UserActions;
using OrleansAuth.Verification;

namespace OrleansAuth.Users;

/// <summary>
/// Loads one user, applies what happens to it by the rules, and commits state, names, search rows and audit together.
/// What it holds in memory is a copy: the store decides races, and a refused commit is tried once more on what is stored now.
/// </summary>
[GrainType("user")]
internal sealed partial class UserGrain(IStore store, ConfigurationReader configuration, IPasswordHasher passwords, Clock clock, UserServices services)
    : Grain, IUserGrain, IUserPasswordGrain, IUserFactorGrain, IUserVerificationGrain, IUserPasswordlessGrain, IUserActionsGrain
{
    private Guid _tenantId;
    private Guid _userId;

    /// <summary>Null where there is no such user in the tenant of the key.</summary>
    private StoredUser? _user;

    /// <summary>Of the state row; also above 0 where the id belongs to a user of another tenant.</summary>
    private long _version;

    private UserLogins _logins = UserLogins.None;
    private long _loginsVersion;

    private UserAttempts _attempts = UserAttempts.None;
    private long _attemptsVersion;

    /// <summary>Of who stands in for unknown names, in place of <see cref="_attempts"/>.</summary>
    private DecoyAttempts _decoy = DecoyAttempts.None;

    /// <summary>The tenant as configured now, or null where it does not exist (any more).</summary>
    private Tenant? Tenant => configuration.Current.Find<Tenant>(_tenantId);

    /// <summary>No user, but who stands in for names that nobody has.</summary>
    private bool IsDecoy => UserGrainKeys.IsReserved(_userId);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenantId, _userId) = UserGrainKeys.ReadKey(this.GetPrimaryKeyString());
        return Load();
    }

    public Task<UserView?> Read() =>
        Task.FromResult(_user is null ? null : new UserView(JsonText.From(Show(withScheme: true))));

    /// <summary>The user as the API shows it.</summary>
    private System.Text.Json.Nodes.JsonObject Show(bool withScheme = false) =>
        UserDisplay.Show(_user!, _logins, configuration.Current, withScheme);

    /// <summary>Reads both rows again, after a commit that somebody else was faster with.</summary>
    private async Task Load()
    {
        var state = await store.Read(UserKeys.State(_userId));
        var logins = state is null ? null : await store.Read(UserKeys.Logins(_userId));
        (_user, _version) = (state is null ? null : StoredUser.Read(state.Body), state?.Version ?? 0);
        (_logins, _loginsVersion) = (logins is null ? UserLogins.None : UserLogins.Read(logins.Body), logins?.Version ?? 0);
        if (_user is not null && _user.TenantId != _tenantId) (_user, _logins) = (null, UserLogins.None);
        await LoadAttempts();
    }

    /// <summary>Who stands in for unknown names counts failures as a user does; whoever is neither counts nothing.</summary>
    private async Task LoadAttempts()
    {
        (_attempts, _attemptsVersion, _decoy) = (UserAttempts.None, 0, DecoyAttempts.None);
        if (_user is null && !IsDecoy) return;
        if (await store.Read(IsDecoy ? UserKeys.Attempts(_tenantId, _userId) : UserKeys.Attempts(_userId)) is not { } stored) return;
        _attemptsVersion = stored.Version;
        if (IsDecoy) _decoy = DecoyAttempts.Read(stored.Body);
        else _attempts = UserAttempts.Read(stored.Body);
    }

    /// <summary>
    /// Adds the next states to the commit and applies it. A state that is the same instance as the present one is not
    /// written; a user of null is removed, with names and rows. After success the grain holds what was stored.
    /// </summary>
    /// <param name="commit">Whatever else belongs to the change: audit, journals, outbox.</param>
    /// <param name="telling">On whose account, and what it tells beside the difference that it makes; null where nobody receives anything, or it is nobody's business.</param>
    /// <param name="attempts">The counters as they are to be; null leaves them.</param>
    private async Task<CommitResult> Store(Commit commit, UserTelling? telling, StoredUser? user, UserLogins logins, UserAttempts? attempts = null)
    {
        var writesAttempts = attempts is not null && !ReferenceEquals(attempts, _attempts);
        var writesUser = !ReferenceEquals(user, _user);
        var writesLogins = !ReferenceEquals(logins, _logins) && user is not null;
        if (writesUser && user is not null)
            commit.PutUser(_user, user, _version, logins.LastLoginInstant);
        else if (writesUser)
            commit.RemoveUser(_user!, _version, _loginsVersion, _attemptsVersion);
        if (writesLogins)
            commit.Put(UserKeys.Logins(_userId), _loginsVersion, logins.Write(), _tenantId);
        if (writesAttempts)
            commit.Put(UserKeys.Attempts(_userId), _attemptsVersion, attempts!.Write(), _tenantId);
        try
        {
            var result = telling is null ? await store.Apply(commit) : await Raise(telling, user, logins).Apply(commit);
            if (result is not CommitResult.Committed) return result;
            if (user is null && writesUser) (_user, _version, _logins, _loginsVersion, _attempts, _attemptsVersion) = (null, 0, UserLogins.None, 0, UserAttempts.None, 0);
            if (user is not null && writesUser) (_user, _version) = (user, _version + 1);
            if (writesLogins) (_logins, _loginsVersion) = (logins, _loginsVersion + 1);
            if (writesAttempts) (_attempts, _attemptsVersion) = (attempts!, _attemptsVersion + 1);
            return result;
        }
        catch
        {
            // The outcome is unknown: only a fresh activation, which reads the store, may answer from here on. What was asked stays open, and the store decides it.
            DeactivateOnIdle();
            throw;
        }
    }
}
