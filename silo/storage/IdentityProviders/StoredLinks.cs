using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.IdentityProviders;

namespace OrleansAuth.Storage.IdentityProviders;

/// <summary>
/// The links of one user, in a row of their own: users who have none cost nothing, and a login by one rewrites only them.
/// Holds no secret: tokens of providers are not kept.
/// </summary>
public sealed record StoredLinks : StoredRecord
{
    /// <summary>So many a user may have, of all providers together.</summary>
    public const int Most = 1_000;

    public required Guid TenantId { get; init; }

    /// <summary>Oldest first. Those of providers that are gone mean nothing any more.</summary>
    public ImmutableArray<StoredLink> Links { get; init; } = [];

    public byte[] Write() => ContractJson.Write(this);

    /// <exception cref="JsonException">The row is damaged.</exception>
    public static StoredLinks Read(ReadOnlyMemory<byte> body) => ContractJson.Read<StoredLinks>(body.Span);
}

/// <summary>One link. Instants are milliseconds since 1970.</summary>
public sealed record StoredLink : StoredRecord
{
    public required Guid ProviderId { get; init; }

    /// <summary>When the provider was made: one that is made again under the same id is another one, and finds no links.</summary>
    public required long ProviderInstant { get; init; }

    /// <summary>Whose subject it is; a provider that gets another issuer means other people.</summary>
    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public string? DisplayName { get; init; }

    public long InsertInstant { get; init; }

    public long? LastLoginInstant { get; init; }

    /// <summary>The caller's own.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Whether it is a link of the provider as it is now.</summary>
    public bool IsOf(IdentityProvider provider) => ProviderId == provider.Id && ProviderInstant == provider.InsertInstant && Issuer == provider.OAuth2.Issuer;
}

/// <summary>
/// A person who signed in at a provider and whom nobody here is linked with yet: the content of an identifier
/// (<c>pending-link</c>). When it began is the instant of the identifier.
/// </summary>
public sealed record StoredPendingLink : StoredRecord
{
    public required Guid ProviderId { get; init; }

    /// <summary>As <see cref="StoredLink.ProviderInstant"/>.</summary>
    public required long ProviderInstant { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public string? Email { get; init; }

    public string? Username { get; init; }

    public string? DisplayName { get; init; }

    /// <exception cref="JsonException">The text is of another kind.</exception>
    public static StoredPendingLink Read(JsonText content) => content.Read<StoredPendingLink>();
}
