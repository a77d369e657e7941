using OrleansAuth.Common;

namespace OrleansAuth.Storage.IdentityProviders;

/// <summary>
/// A login that went to a provider and is to come back: the content of an identifier (<c>upstream-login</c>), under the hash of
/// its <c>state</c>. Nonce and code verifier are made of the state and the master key, and stand nowhere.
/// </summary>
public sealed record StoredUpstreamLogin : StoredRecord
{
    public required Guid ProviderId { get; init; }

    public required Guid ApplicationId { get; init; }

    /// <summary>The hash of what the browser holds that began it: no other one may end it.</summary>
    public required string Browser { get; init; }

    /// <summary>The authorization request that the login is for, as text with its question mark.</summary>
    public required string Query { get; init; }

    /// <summary>Where the provider sends the browser.</summary>
    public required string RedirectUri { get; init; }

    /// <exception cref="System.Text.Json.JsonException">The text is of another kind.</exception>
    public static StoredUpstreamLogin Read(JsonText content) => content.Read<StoredUpstreamLogin>();
}
