using OrleansAuth.Common;
using OrleansAuth.Mfa;

namespace OrleansAuth.Storage.Sessions;

/// <summary>
/// A login whose first factor was proved and that waits behind a gate: the content of an identifier (<c>login-intent</c>), which the
/// browser holds. When it was proved is the instant of the identifier.
/// </summary>
public sealed record StoredLoginIntent : StoredRecord
{
    /// <summary>Who signs in; perhaps somebody who stands in for a name that is taken.</summary>
    public required Guid UserId { get; init; }

    public required Guid ApplicationId { get; init; }

    /// <summary>How the first factor was proved, as tokens say it.</summary>
    public required string AuthenticationType { get; init; }

    /// <summary>The second factor that was proved as well; null for none.</summary>
    public FactorProof? Factor { get; init; }

    /// <summary>The user asked to stay signed in.</summary>
    public bool Remember { get; init; }

    /// <summary>The authorization request as text, with its question mark.</summary>
    public string? Query { get; init; }

    /// <exception cref="System.Text.Json.JsonException">The text is of another kind.</exception>
    public static StoredLoginIntent Read(JsonText content) => content.Read<StoredLoginIntent>();
}
