using System.Text.Json;
using OrleansAuth.Common;
using OrleansAuth.Recovery;

namespace OrleansAuth.Storage.Recovery;

/// <summary>
/// What an id stands for that opens the way to a new password (<c>change-password</c>), or to one login after that
/// (<c>one-time-password</c>). The content of an identifier.
/// </summary>
public sealed record StoredTicket : StoredRecord
{
    public required Guid UserId { get; init; }

    /// <summary>The <see cref="Users.StoredUser.PasswordGeneration"/> that it is good for.</summary>
    public required int Generation { get; init; }

    /// <summary>The address that it was mailed to, normalised; null where the caller got it. Void once the user has another address.</summary>
    public string? MailedTo { get; init; }

    /// <summary>The number that it was sent to, normalised; null where it was not. Void once the user has another number.</summary>
    public string? TextedTo { get; init; }

    /// <summary>The application that the user came from.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>The caller's own, given back with the change.</summary>
    public JsonElement? State { get; init; }

    /// <summary>The part that the user is asked about.</summary>
    public PasswordTicket ToPresented() => new(Generation, MailedTo) { TextedTo = TextedTo };

    /// <exception cref="JsonException">The text is of another kind.</exception>
    public static StoredTicket Read(JsonText content) => content.Read<StoredTicket>();
}
