using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Storage.Mfa;

/// <summary>
/// What waits for a second factor: a login after its first, a session that is to have one, or a change of the password. The
/// content of an identifier, under the hash of the id that the caller holds.
/// </summary>
public sealed record StoredChallenge : StoredRecord
{
    public required Guid UserId { get; init; }

    /// <summary>The password that was proved, or present, by its number: another one makes the challenge void.</summary>
    public required int Generation { get; init; }

    /// <summary>How the first factor was proved.</summary>
    public required string AuthenticationType { get; init; }

    /// <summary>What was typed as a name, for the login record.</summary>
    public string? LoginId { get; init; }

    /// <summary>The application of the login.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>The contract's <c>metaData</c> of the session to open.</summary>
    public JsonElement? Device { get; init; }

    /// <summary>No session is wanted.</summary>
    public bool WithoutSession { get; init; }

    /// <summary>The browser that gets a single sign-on session; null for none.</summary>
    public StoredBrowser? Browser { get; init; }

    /// <summary>The single sign-on session that is to have a second factor; null for a login.</summary>
    public StoredFactorSession? Session { get; init; }

    /// <summary>The device that the login was begun on; null where nothing is known of it.</summary>
    public StoredSeenDevice? Seen { get; init; }

    /// <summary>The user has no method and must set one up.</summary>
    public bool SetsUp { get; init; }

    /// <summary>Only a trust token comes of it.</summary>
    public bool OnlyTrust { get; init; }

    /// <summary>SHA-256 of the text that the trust token is bound to, in Base64; null where it is not bound.</summary>
    public string? TrustChallenge { get; init; }

    /// <summary>The caller's own, given back with the proof.</summary>
    public JsonElement? State { get; init; }

    /// <exception cref="JsonException">The text is of another kind.</exception>
    public static StoredChallenge Read(JsonText content) => content.Read<StoredChallenge>();
}

/// <param name="Remember">The user asked to stay signed in.</param>
/// <param name="UserAgent">The browser's name for itself.</param>
public sealed record StoredBrowser(bool Remember, string? UserAgent) : StoredRecord;

/// <param name="Mark">Tells it from others.</param>
/// <param name="SaysNew">The caller said that it is new.</param>
public sealed record StoredSeenDevice(string? Mark, bool SaysNew) : StoredRecord;

/// <param name="Opened">A revocation from then on ends it; milliseconds since 1970.</param>
/// <param name="SignedIn">When the first factor was proved, milliseconds since 1970.</param>
public sealed record StoredFactorSession(Guid SessionId, long Opened, long SignedIn) : StoredRecord;

/// <summary>What a device holds that is trusted: where, and until when. The content of an identifier.</summary>
public sealed record StoredTrust : StoredRecord
{
    public required Guid UserId { get; init; }

    /// <summary>The number of the password: another one ends the trust.</summary>
    public required int Generation { get; init; }

    /// <summary>The <see cref="StoredFactors.Generation"/>: a change of methods ends the trust.</summary>
    public required int FactorGeneration { get; init; }

    public required IReadOnlyList<StoredTrusted> Applications { get; init; }

    /// <exception cref="JsonException">The text is of another kind.</exception>
    public static StoredTrust Read(JsonText content) => content.Read<StoredTrust>();
}

/// <param name="ApplicationId">Null for logins without an application.</param>
/// <param name="Since">A revocation from then on ends the trust; milliseconds since 1970.</param>
/// <param name="Until">Milliseconds since 1970.</param>
public sealed record StoredTrusted(Guid? ApplicationId, long Since, long Until) : StoredRecord;

/// <summary>What the proof of a second factor allows, soon and once. The content of an identifier.</summary>
/// <param name="Generation">The number of the password that it may change.</param>
/// <param name="TrustChallenge">SHA-256 of the text that it is bound to, in Base64; null where it is not bound.</param>
public sealed record StoredTrustToken(Guid UserId, int Generation, string? TrustChallenge) : StoredRecord
{
    /// <exception cref="JsonException">The text is of another kind.</exception>
    public static StoredTrustToken Read(JsonText content) => content.Read<StoredTrustToken>();
}
