using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Storage.Sessions;

/// <summary>A session as it is stored: a refresh token through all its values. Hashes only, never a value.</summary>
public sealed record StoredSession : StoredRecord
{
    public required Guid TenantId { get; init; }

    public required Guid UserId { get; init; }

    public Guid? ApplicationId { get; init; }

    /// <summary>SHA-256 of the secret part of the value that is good now; of the whole text where that value was imported.</summary>
    public required byte[] ValueHash { get; init; }

    /// <summary>SHA-256 of what all own values share; null as long as the only value is an imported one.</summary>
    public byte[]? FamilyHash { get; init; }

    /// <summary>SHA-256 of the imported text, which is also claimed; null for a session that began here.</summary>
    public byte[]? ImportedHash { get; init; }

    /// <summary>How the present value came about; null for the first one.</summary>
    public StoredRotation? Rotation { get; init; }

    /// <summary>When the session became known here: a revocation from then on ends it.</summary>
    public required long Opened { get; init; }

    /// <summary>When the user signed in.</summary>
    public required long InsertInstant { get; init; }

    /// <summary>What the lifetime counts from; a sliding window moves it with every use.</summary>
    public required long StartInstant { get; init; }

    /// <summary>When the token was used last, exact to a minute; null before the first use.</summary>
    public long? LastUsed { get; init; }

    /// <summary>The address of the last use.</summary>
    public string? LastAddress { get; init; }

    /// <summary>What an OAuth 2.0 client was granted; null for a session that the login API opened.</summary>
    public StoredGrant? Grant { get; init; }

    /// <summary>The contract's <c>metaData</c>, as sent.</summary>
    public JsonElement? MetaData { get; init; }

    /// <summary>The contract's <c>data</c>, as imported.</summary>
    public JsonElement? Data { get; init; }

    public static StateKey Key(Guid sessionId) => new("session", sessionId.ToString("N"));

    /// <summary>The name under which an imported value is found, whatever its form. Unique in the whole installation.</summary>
    public static ClaimKey ImportedClaim(byte[] hash) => new("refresh-token", Convert.ToHexStringLower(hash));

    /// <summary>Who holds an imported value's claim.</summary>
    public static string ImportedOwner(Guid tenantId, Guid sessionId) => $"{tenantId:N}/{sessionId:N}";

    public static byte[] HashImported(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public byte[] Write() => ContractJson.Write(this);

    public static StoredSession Read(ReadOnlyMemory<byte> body) => ContractJson.Read<StoredSession>(body.Span);
}

/// <summary>What an OAuth 2.0 client was granted with a refresh token (RFC 6749, section 1.5).</summary>
/// <param name="Scope">Granted scopes, separated by spaces.</param>
/// <param name="AuthenticationType">How the user proved who it is.</param>
public sealed record StoredGrant(string Scope, string AuthenticationType) : StoredRecord
{
    /// <summary>The client cannot keep a secret: its token is for one use whatever the settings say, and a second use ends the session (RFC 9700, section 4.14).</summary>
    public bool IsPublic { get; init; }

    /// <summary>Thumbprint of the key that uses must be proved with (RFC 9449, section 5); null where none is demanded.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>The single sign-on session that the grant came from.</summary>
    public Guid? SignOnId { get; init; }

    /// <summary>Resources that access tokens are also for (RFC 8707).</summary>
    public ImmutableArray<string> Resources { get; init; } = [];
}

/// <summary>A rotation: one value spent, the next one given out.</summary>
/// <param name="PreviousHash">The spent value, hashed like <see cref="StoredSession.ValueHash"/>.</param>
/// <param name="Seed">Makes the present value again from the spent one, for a client that missed the answer.</param>
/// <param name="Instant">When.</param>
public sealed record StoredRotation(byte[] PreviousHash, byte[] Seed, long Instant) : StoredRecord;
