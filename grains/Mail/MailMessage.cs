using System.Collections.Immutable;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Mail;

/// <summary>
/// A mail to one person, as it waits in the outbox. Who it is from and how it travels follows from the tenant's settings at the
/// time of sending.
/// </summary>
/// <param name="To">The address.</param>
/// <param name="Subject">At most 255 characters, no line ends.</param>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The same in HTML; null for a mail of text only.</param>
internal sealed record MailMessage(string To, string Subject, string Text, string? Html)
{
    /// <summary>The person's name, if known.</summary>
    public string? ToName { get; init; }

    /// <summary>The address that it is from; null takes the tenant's.</summary>
    public string? FromEmail { get; init; }

    /// <summary>The name that it is from; null takes the tenant's.</summary>
    public string? FromName { get; init; }

    /// <summary>Who gets this copy, where it is not <see cref="To"/>: each recipient of a mail is an entry of its own, and none holds up another.</summary>
    public string? Recipient { get; init; }

    /// <summary>Addresses that the header names as those of copies.</summary>
    public ImmutableArray<string>? Cc { get; init; }

    /// <summary>What the copies of one mail have in common; null takes the entry's own id.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>
    /// From when on the mail is of no use, because what it links to is over; milliseconds since 1970. It is not sent afterwards.
    /// </summary>
    public long? Expires { get; init; }

    public string Write() => JsonSerializer.Serialize(this, ContractJson.Options);

    /// <exception cref="JsonException">The row is damaged.</exception>
    public static MailMessage Read(string text) => JsonSerializer.Deserialize<MailMessage>(text, ContractJson.Options) ?? throw new JsonException("The mail is null.");

    /// <summary>Names no address and no text: mails hold links that let people in.</summary>
    public override string ToString() => "mail";
}
