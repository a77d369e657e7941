using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansAuth.Common;

namespace OrleansAuth.Storage.Users;

/// <summary>
/// How often what is limited was tried of late. A row of its own, so that a burst of bad passwords rewrites a few bytes, and
/// a row in the store, so that a crash gives nobody new tries. Who stands in for unknown names has one too.
/// </summary>
public sealed record UserAttempts : StoredRecord
{
    /// <summary>Nothing was tried so far; also what a missing row means.</summary>
    public static readonly UserAttempts None = new();

    /// <summary>By the name of a <see cref="LimitedAction"/>, or of one that only a newer version knows: that one's tries stay counted.</summary>
    public ImmutableDictionary<string, AttemptWindow> Windows { get; init; } = ImmutableDictionary<string, AttemptWindow>.Empty;

    /// <summary>The lockout after too many failed logins; it may be over. Null where there was none of late.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Lockout? Lockout { get; init; }

    public AttemptWindow Of(LimitedAction action) => Windows.GetValueOrDefault(action.ToString()) ?? AttemptWindow.Empty;

    public UserAttempts With(LimitedAction action, AttemptWindow window) => this with { Windows = Windows.SetItem(action.ToString(), window) };

    public UserAttempts Without(LimitedAction action) => Windows.ContainsKey(action.ToString()) ? this with { Windows = Windows.Remove(action.ToString()) } : this;

    public byte[] Write() => ContractJson.Write(this);

    /// <exception cref="System.Text.Json.JsonException">The row is damaged.</exception>
    public static UserAttempts Read(ReadOnlyMemory<byte> body) => ContractJson.Read<UserAttempts>(body.Span);
}

/// <summary>Nobody signs in until its end.</summary>
/// <param name="ActionId">Of its entry in the log of actions.</param>
/// <param name="UserActionId">The definition that it is taken by.</param>
/// <param name="Until">Milliseconds since 1970.</param>
public sealed record Lockout(Guid ActionId, Guid UserActionId, long Until) : StoredRecord;

/// <param name="Since">When counting began, milliseconds since 1970.</param>
/// <param name="Last">When the last attempt that counts was made, milliseconds since 1970.</param>
public sealed record AttemptWindow(long Since, long Last, int Count) : StoredRecord
{
    public static readonly AttemptWindow Empty = new(0, 0, 0);
}

/// <summary>What is counted. Stored by name: names may be added, never changed.</summary>
public enum LimitedAction
{
    /// <summary>Failed logins on the way to a lockout.</summary>
    Lockout,

    /// <summary>Failed logins, by the tenant's rate limit.</summary>
    FailedLogin,

    ForgotPassword,
    SendEmailVerification,
    SendPasswordless,
    SendPasswordlessPhone,
    SendPhoneVerification,
    SendRegistrationVerification,
    SendTwoFactor,

    /// <summary>Wrong codes of a second factor, whichever way they come in.</summary>
    TwoFactorCode,

    /// <summary>Wrong codes that verify something or sign in without a password, of whichever id.</summary>
    OneTimeCode,

    /// <summary>Messages that somebody wanted a name of the user.</summary>
    NameWanted,
}
