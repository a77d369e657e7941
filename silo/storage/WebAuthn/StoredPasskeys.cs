using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Storage.WebAuthn;

/// <summary>The passkeys of one user, in a row of their own: users who have none cost nothing, and a use rewrites only them.</summary>
public sealed record StoredPasskeys : StoredRecord
{
    /// <summary>So many a user may have.</summary>
    public const int Most = 50;

    public required Guid TenantId { get; init; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<StoredPasskey> Passkeys { get; init; } = [];

    public byte[] Write() => ContractJson.Write(this);

    /// <exception cref="JsonException">The row is damaged.</exception>
    public static StoredPasskeys Read(ReadOnlyMemory<byte> body) => ContractJson.Read<StoredPasskeys>(body.Span);
}

/// <summary>One passkey as stored: nothing in it is secret. Instants are milliseconds since 1970.</summary>
public sealed record StoredPasskey : StoredRecord
{
    /// <summary>Our own id of it.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its authenticator's id of it, base64url.</summary>
    public required string CredentialId { get; init; }

    /// <summary>SubjectPublicKeyInfo as PEM.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Number in the IANA registry of COSE algorithms.</summary>
    public required long Algorithm { get; init; }

    /// <summary>The only relying party that it works for.</summary>
    public required string RelyingPartyId { get; init; }

    public required string DisplayName { get; init; }

    public required string Name { get; init; }

    public string AttestationType { get; init; } = "none";

    /// <summary>The authenticator recognised its owner when the passkey was made.</summary>
    public bool VerifiesUser { get; init; }

    /// <summary>The authenticator offers it by itself.</summary>
    public bool IsDiscoverable { get; init; }

    /// <summary>The key may live on more than one device; null where it was made elsewhere and not used here yet.</summary>
    public bool? BackupEligible { get; init; }

    /// <summary>At its last use the key was on more than one device or in a backup.</summary>
    public bool BackedUp { get; init; }

    public long SignCount { get; init; }

    public ImmutableArray<string> Transports { get; init; } = [];

    public string? UserAgent { get; init; }

    /// <summary>The make of the authenticator (AAGUID); null where it does not say.</summary>
    public Guid? Model { get; init; }

    public long InsertInstant { get; init; }

    public long? LastUseInstant { get; init; }

    /// <summary>The caller's own, from an import.</summary>
    public JsonElement? Data { get; init; }
}
