using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Common;
using OrleansAuth.Storage.Mfa;
using OrleansAuth.Users;

namespace OrleansAuth.Storage.Users;

/// <summary>
/// A user as stored. New members are only added, each with the meaning of its absence, so that rows of earlier versions
/// still read.
/// </summary>
public sealed record StoredUser : StoredRecord
{
    /// <summary>
    /// The contract's user with registrations, memberships and identities; without password, salt, scheme and factor, and
    /// without the instants of logins, which are in <see cref="UserLogins"/>.
    /// </summary>
    public required User User { get; init; }

    /// <summary>Null where the user has none (yet).</summary>
    public StoredPassword? Password { get; init; }

    /// <summary>Earlier passwords, newest first, where the tenant remembers them.</summary>
    public ImmutableArray<StoredPassword> PreviousPasswords { get; init; } = [];

    /// <summary>
    /// Counts the passwords that the user has had: what was handed out to change one password changes no later one.
    /// Absent means 0.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int PasswordGeneration { get; init; }

    /// <summary>
    /// Sessions that began at or before this instant are over; milliseconds since 1970. A session that is opened in the same
    /// millisecond counts as opened in the next one.
    /// </summary>
    public long? SessionsRevokedBefore { get; init; }

    /// <summary>The same for the sessions of one application.</summary>
    public ImmutableDictionary<Guid, long> SessionsRevokedBeforeByApplication { get; init; } = ImmutableDictionary<Guid, long>.Empty;

    /// <summary>What the user agreed to when applications of others asked, by application; only where those remember it.</summary>
    public ImmutableDictionary<Guid, StoredConsent> OAuthConsents { get; init; } = ImmutableDictionary<Guid, StoredConsent>.Empty;

    /// <summary>The user's second factors; null where there never was one.</summary>
    public StoredFactors? Factors { get; init; }

    /// <summary>
    /// What was handed out to be proved and is not proved yet, by <see cref="Verification.ProofKeys"/>. Absent means nothing.
    /// </summary>
    public ImmutableDictionary<string, Verification.StoredProof>? Proofs { get; init; }

    /// <summary>
    /// Actions that keep the user out, those that are over perhaps among them; the lockout after failed logins is in
    /// <see cref="UserAttempts"/>. At most <see cref="MostPreventions"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<Prevention> Preventions { get; init; }

    /// <summary>Counts changes of the user's log of actions, so that two at once are refused as a race. Absent means 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ActionsChanged { get; init; }

    /// <summary>So many actions may keep a user out at the same time.</summary>
    public const int MostPreventions = 50;

    [JsonIgnore]
    public Guid Id => User.Id!.Value;

    [JsonIgnore]
    public Guid TenantId => User.TenantId!.Value;

    /// <summary>The user with all sessions ended, or those of one application.</summary>
    public StoredUser EndSessions(Guid? applicationId, long now)
    {
        // After every earlier revocation: a session opened since, in the same millisecond, is over too.
        var instant = Math.Max(now, SessionsRevokedBeforeByApplication.Values.Append(SessionsRevokedBefore ?? 0).Max() + 1);
        return applicationId is { } id
            ? this with { SessionsRevokedBeforeByApplication = SessionsRevokedBeforeByApplication.SetItem(id, instant) }
            : this with { SessionsRevokedBefore = instant, SessionsRevokedBeforeByApplication = ImmutableDictionary<Guid, long>.Empty };
    }

    public byte[] Write() => ContractJson.Write(this);

    /// <exception cref="System.Text.Json.JsonException">The row is damaged.</exception>
    public static StoredUser Read(ReadOnlyMemory<byte> body) => ContractJson.Read<StoredUser>(body.Span);
}

/// <summary>An action that keeps the user out, with what whoever is kept out gets to know.</summary>
/// <param name="ActionId">Of its entry in the log of actions.</param>
/// <param name="Expiry">Milliseconds since 1970; the largest number for ever.</param>
/// <param name="ApplicationIds">Only out of these; empty for all of the tenant.</param>
public sealed record Prevention(Guid ActionId, Guid? ActionerUserId, long Expiry, ImmutableArray<Guid> ApplicationIds, string Name) : StoredRecord
{
    public string? LocalizedName { get; init; }
    public string? LocalizedReason { get; init; }
    public string? Reason { get; init; }
    public string? ReasonCode { get; init; }

    /// <summary>Whether it keeps the user out of the application; of what belongs to none, where it is null.</summary>
    public bool IsInForce(Guid? applicationId, long now) =>
        now < Expiry && (ApplicationIds.IsDefaultOrEmpty || (applicationId is { } id && ApplicationIds.Contains(id)));
}

/// <summary>One decision about scopes, each list separated by spaces.</summary>
/// <param name="Asked">Scopes that the user was asked about.</param>
/// <param name="Granted">Those that the user agreed to.</param>
/// <param name="ExpiresAt">Milliseconds since 1970; from then on the user is asked again.</param>
public sealed record StoredConsent(string Asked, string Granted, long ExpiresAt) : StoredRecord;

/// <summary>A password hash: salt and hash in the encoding of the scheme.</summary>
public sealed record StoredPassword(string Scheme, int Factor, string Salt, string Hash) : StoredRecord
{
    /// <summary>Names the scheme only: a hash has no business in a log.</summary>
    public override string ToString() => $"password hash ({Scheme})";
}

/// <summary>A device that a user was let in on.</summary>
/// <param name="Mark">A hash that is another one for each user.</param>
/// <param name="LastUsed">Milliseconds since 1970.</param>
public sealed record StoredDevice(string Mark, long LastUsed) : StoredRecord;

/// <summary>When the user was last let in. A row of its own, so that a login rewrites a few bytes.</summary>
public sealed record UserLogins : StoredRecord
{
    /// <summary>No login so far; also what a missing row means.</summary>
    public static readonly UserLogins None = new();

    /// <summary>Milliseconds since 1970.</summary>
    public long? LastLoginInstant { get; init; }

    /// <summary>The same for each registration, by application.</summary>
    public ImmutableDictionary<Guid, long> ByApplication { get; init; } = ImmutableDictionary<Guid, long>.Empty;

    /// <summary>
    /// Devices that the user was let in on, the last one used first; only where the tenant wants to know of new ones. Absent means
    /// none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<StoredDevice> Devices { get; init; }

    public byte[] Write() => ContractJson.Write(this);

    /// <exception cref="System.Text.Json.JsonException">The row is damaged.</exception>
    public static UserLogins Read(ReadOnlyMemory<byte> body) => ContractJson.Read<UserLogins>(body.Span);
}
