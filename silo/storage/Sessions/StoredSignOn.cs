using System.Collections.Immutable;
using OrleansAuth.Common;
using OrleansAuth.Mfa;

namespace OrleansAuth.Storage.Sessions;

/// <summary>
/// A single sign-on session as it is stored: one user in one browser. Hashes only, never the value that the browser holds.
/// Instants are milliseconds since 1970.
/// </summary>
public sealed record StoredSignOn : StoredRecord
{
    public required Guid TenantId { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the secret part of the browser's value.</summary>
    public required byte[] ValueHash { get; init; }

    /// <summary>When the session was opened: a revocation from then on ends it.</summary>
    public required long Opened { get; init; }

    /// <summary>When the user last proved who it is: the <c>auth_time</c> of tokens.</summary>
    public required long SignedIn { get; init; }

    /// <summary>When the browser was last seen, exact to a minute; idle time counts from here.</summary>
    public required long LastUsed { get; init; }

    /// <summary>How the user proved it; see <c>AuthenticationTypes</c>.</summary>
    public required string AuthenticationType { get; init; }

    /// <summary>The user asked to stay signed in: the session lives as long as refresh tokens of the tenant do, not just until it is idle.</summary>
    public bool Remembered { get; init; }

    public string? LastAddress { get; init; }

    /// <summary>The browser's name for itself.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The applications that got tokens by this session, to be told when it ends.</summary>
    public ImmutableArray<Guid> Applications { get; init; } = [];

    /// <summary>Sessions of the same user in the same browser that this one took the place of: tokens that were given out by them still name them.</summary>
    public ImmutableArray<StoredEarlierSignOn> Earlier { get; init; } = [];

    /// <summary>The second factor that the user proved; null where the session was opened without one.</summary>
    public FactorProof? Factor { get; init; }

    public static StateKey Key(Guid sessionId) => new("sso", sessionId.ToString("N"));

    public byte[] Write() => ContractJson.Write(this);

    public static StoredSignOn Read(ReadOnlyMemory<byte> body) => ContractJson.Read<StoredSignOn>(body.Span);
}

/// <summary>A session that another one took the place of, with its applications.</summary>
public sealed record StoredEarlierSignOn(Guid SessionId, ImmutableArray<Guid> Applications) : StoredRecord;
