using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Configuration;
using OrleansAuth.Events;
using OrleansAuth.Mfa;
using OrleansAuth.Sessions;
using OrleansAuth.Storage;
using OrleansAuth.Storage.Tokens;
using OrleansAuth.Storage.Users;
using OrleansAuth.Tenants;
using OrleansAuth.Tokens;

namespace OrleansAuth.Users;

/// <summary>Logging in, and what ends a login.</summary>
internal sealed partial class UserGrain
{
    public Task<Outcome<LoginResult>> Login(Login command) => LoginMetrics.Measure(() => Twice(() => TryLogin(command)));

    public Task<Outcome<LoginResult>> Ping(PingLogin command) => Twice(() => TryPing(command));

    /// <returns>Null after a lost race; the grain then holds what is stored now.</returns>
    private async Task<Outcome<LoginResult>?> TryLogin(Login command)
    {
        var wish = command.Wish;
        if (TokenSettings.Find(configuration.Current, _tenantId, wish.ApplicationId) is not { } settings)
            return UnknownApplication(wish.ApplicationId);
        var cost = PasswordStorage.CostOf(settings.Tenant);

        // Before the password is looked at: whoever may not come in learns nothing about it.
        var slot = SlotOf(command);
        if (await Shut(slot, settings.Tenant) is { } shut) return shut;
        if (IsLimited(slot, settings.Tenant)) return Closed(LoginStatus.Rejected);

        // The user of another name, the user without a password and no user at all: the hasher does the same work for each.
        var named = _user is { } user && LoginGates.Names(user.User, command.LoginId, command.LoginIdTypes) ? user : null;
        var check = await passwords.Verify(command.Password, named?.Password is { } stored ? PasswordStorage.Computed(stored) : null, cost);
        if (check.Verdict == PasswordVerdict.Busy) return Refusal.Busy(check.RetryAfter);
        var byToken = named is not null && IsAuthenticationToken(named, settings.Application, command.Password);
        if (named is null || (check.Verdict != PasswordVerdict.Matches && !byToken)) return await Reject(slot, settings.Tenant, FailedProof.Of(wish, AuthenticationTypes.Password));
        if (!byToken)
        {
            if (await Assessed(named, command.Password, settings, wish.Actor) is not { } assessed) return null;
            if (assessed.Refusal is { } vetoed) return vetoed;
            named = assessed.Value!;
        }

        var answer = await Proved(named, settings, wish, new Proof(byToken ? AuthenticationTypes.ApplicationToken : AuthenticationTypes.Password, command.LoginId)
        {
            Password = byToken ? null : command.Password,
        });
        return answer?.Value is not { Subject: null } || await IsUpToDate(settings.Tenant) ? answer : null;
    }

    /// <summary>
    /// The way of every login from its first factor on, whichever that was: the account's gates, the second factor, the
    /// other gates, and in.
    /// </summary>
    /// <returns>Null after a lost race; the grain then holds what is stored now.</returns>
    private async Task<Outcome<LoginResult>?> Proved(StoredUser user, TokenSettings settings, LoginWish wish, Proof proof)
    {
        var status = LoginGates.AskAboutAccount(user, _attempts, settings, clock.Now);
        if (status != LoginStatus.Ok) return ClosedTo(user, status, settings);
        var factor = proof.Factor ?? await TrustedDevice(user, settings, wish.TrustId);
        if (!FactorPolicy.Satisfied(user, settings, factor)) return await Challenge(user, settings, wish, proof);
        status = LoginGates.Ask(user, _attempts, settings, clock.Now);
        if (status == LoginStatus.ChangePassword) return await MustChange(user, settings);
        return await Enter(user, new Entry(status, settings, proof.LoginId, wish.Actor)
        {
            Password = proof.Password is { } password && LoginGates.LetsIn(status, settings) ? await Renewed(user, password, settings.Tenant, PasswordStorage.CostOf(settings.Tenant)) : null,
            Opens = wish is { WithoutSession: false, SignOn: null } && LoginGates.OpensSession(user, settings.Application),
            SignOn = wish.SignOn,
            Device = wish.Device,
            Seen = wish.Seen,
            AuthenticationType = proof.AuthenticationType,
            Factor = factor,
            SignedIn = proof.SignedIn,
            Link = proof.Link,
            Forgives = true,
        });
    }

    private async Task<Outcome<LoginResult>?> TryPing(PingLogin command)
    {
        if (_user is not { } user) return Refusal.NotFound;
        if (TokenSettings.Find(configuration.Current, _tenantId, command.ApplicationId) is not { } settings)
            return UnknownApplication(command.ApplicationId);
        // Revoked since it was checked: a revocation must not leave a session behind that came of one it ended.
        if (command.Beside is { } beside && IsOver(user, configuration.Current.Find<Application>(beside.ApplicationId), beside.Opened)) return SessionErrors.InvalidToken;
        var loginId = NameOf(user.User);
        var status = LoginGates.AskWithoutPassword(user, _attempts, settings, clock.Now);
        return await Enter(user, new Entry(status, settings, loginId, command.Actor)
        {
            Opens = command.Beside is not null && LoginGates.OpensSession(user, settings.Application),
            Beside = command.Beside,
            AuthenticationType = AuthenticationTypes.Ping,
        });
    }

    /// <summary>The answer to shut gates, or one commit for all that a login means: last login, record, renewed hash and new session.</summary>
    private async Task<Outcome<LoginResult>?> Enter(StoredUser user, Entry entry)
    {
        if (entry.Status is LoginStatus.Locked or LoginStatus.Expired or LoginStatus.Prevented) return ClosedTo(user, entry.Status, entry.Settings);
        if (!LoginGates.LetsIn(entry.Status, entry.Settings)) return await Stopped(user, entry);
        var now = clock.Now;
        var commit = new Commit();
        var opened = entry.Opens ? Open(commit, user, entry, now) : null;
        var signOn = entry.SignOn is { } browser ? OpenSignOn(commit, user, browser, entry, now) : null;
        var telling = Telling(entry.Actor);
        var logins = Record(commit, telling, user, entry, now);
        entry.Link?.Use(commit, _userId, now);
        var next = entry.Password is { } password ? user with { Password = password } : user;
        var stored = await Store(commit, telling, next, logins, entry.Forgives ? Lockouts.Forgiven(_attempts) : null);
        if (stored is CommitResult.Committed)
        {
            return new LoginResult(entry.Status, JsonText.From(Show()), TokenSubjects.Of(next, entry.Settings.Application, configuration.Current), opened, null)
            {
                AuthenticationType = entry.AuthenticationType,
                SignOn = signOn,
                UserId = _userId,
            };
        }

        return await NotStored<LoginResult>(stored);
    }

    /// <summary>Decides again on what is stored now where somebody else was faster, from the password on; then gives up.</summary>
    private async Task<Outcome<T>> Twice<T>(Func<Task<Outcome<T>?>> attempt)
    {
        if ((await attempt() ?? await attempt()) is { } answer) return answer;
        DeactivateOnIdle();
        return Refusal.Conflict;
    }

    /// <summary>That somebody is in: for the journal, for lists, for receivers.</summary>
    private UserLogins Record(Commit commit, UserTelling? telling, StoredUser user, Entry entry, long now)
    {
        var application = entry.Settings.Application?.Id;
        commit.Update(Tables.UserSearch, ("id", _userId), ("last_login_instant", now));
        commit.Upsert(
            Tables.LoginRecord,
            ("id", Guid.CreateVersion7(clock.UtcNow)), ("tenant_id", _tenantId), ("user_id", _userId), ("application_id", application),
            ("login_id", entry.LoginId), ("ip_address", entry.IpAddress), ("instant", now));
        telling?.Add(EventTypes.UserLoginSuccess, p => LoginMembers(p, entry));
        var logins = Recognised(commit, telling, user, entry, now) with { LastLoginInstant = now };
        if (LoginGates.Registration(user, entry.Settings.Application) is null) return logins;
        commit.Update(Tables.UserRegistration, ("user_id", _userId), ("application_id", application), ("last_login_instant", now));
        return logins with { ByApplication = _logins.ByApplication.SetItem(application!.Value, now) };
    }

    /// <summary>The password under the tenant's present scheme, where the tenant wants that and it has another; a busy hasher leaves it for the next login.</summary>
    private async Task<StoredPassword?> Renewed(StoredUser user, string password, Tenant tenant, PasswordCost cost)
    {
        if (!tenant.PasswordEncryptionConfiguration.ModifyEncryptionSchemeOnLogin || user.Password is not { } old) return null;
        if (old.Scheme == cost.Scheme && old.Factor == cost.Factor) return null;
        return (await passwords.Hash(password, cost)).Hash is { } hash ? PasswordStorage.Stored(hash) : null;
    }

    private static bool IsAuthenticationToken(StoredUser user, Application? application, string password) =>
        application is { AuthenticationTokenConfiguration.Enabled: true }
        && LoginGates.Registration(user, application)?.AuthenticationToken is { Length: > 0 } token
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(password)), SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static LoginResult Closed(LoginStatus status) => new(status, null, null, null, null);

    /// <summary>The answer to somebody who proved to be the user, and may not come in.</summary>
    private LoginResult ClosedTo(StoredUser user, LoginStatus status, TokenSettings settings) => Closed(status) with
    {
        Actions = status == LoginStatus.Prevented ? LoginPreventions.Show(user, _attempts, settings.Application?.Id, configuration.Current, clock.Now) : null,
    };

    private static Refusal UnknownApplication(Guid? id) =>
        Refusal.Invalid(ContractError.At("applicationId", "invalid", $"There is no active application with the Id [{id}] in this tenant."));

    /// <summary>The first factor, proved.</summary>
    /// <param name="LoginId">What was typed, or a name of the user, for the login record.</param>
    private sealed record Proof(string AuthenticationType, string? LoginId)
    {
        /// <summary>The right password in the clear, where that was the proof: it may be hashed anew.</summary>
        public string? Password { get; init; }

        /// <summary>The second factor that was proved as well; null where there is none yet.</summary>
        public FactorProof? Factor { get; init; }

        /// <summary>When this was proved, milliseconds since 1970; null for now.</summary>
        public long? SignedIn { get; init; }

        /// <summary>The link that the proof of a provider came by; null for all other proofs.</summary>
        public UsedLink? Link { get; init; }
    }

    /// <summary>A login, or a registration that counts as one, that passed its gates.</summary>
    private sealed record Entry(LoginStatus Status, TokenSettings Settings, string? LoginId, Actor Actor)
    {
        public string? IpAddress => Actor.IpAddress;

        /// <summary>A hash to store in place of the present one.</summary>
        public StoredPassword? Password { get; init; }

        /// <summary>The login opens a session.</summary>
        public bool Opens { get; init; }

        /// <summary>The browser that gets a single sign-on session.</summary>
        public OpenSignOn? SignOn { get; init; }

        public JsonText? Device { get; init; }

        /// <summary>The device as it shows itself; null where nobody signs in on one.</summary>
        public SeenDevice? Seen { get; init; }

        /// <summary>The session that stands for the password; the new one is of the same sign-in and no longer life.</summary>
        public CheckedSession? Beside { get; init; }

        public required string AuthenticationType { get; init; }

        /// <summary>The second factor that was proved; null for none.</summary>
        public FactorProof? Factor { get; init; }

        /// <summary>When the user proved who it is, milliseconds since 1970; null for now.</summary>
        public long? SignedIn { get; init; }

        /// <summary>The link that the user came in by; null for none.</summary>
        public UsedLink? Link { get; init; }

        /// <summary>The user proved who it is: failures so far are forgotten.</summary>
        public bool Forgives { get; init; }
    }
}
