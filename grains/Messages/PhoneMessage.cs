using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Messages;

/// <summary>A message to one phone, as it waits in the outbox. How it travels follows from the messenger's settings at the time of sending.</summary>
/// <param name="MessengerId">Who brings it; null under development, where it is caught.</param>
/// <param name="PhoneNumber">The number, with a plus sign in front where it has one.</param>
/// <param name="Text">All that is said.</param>
internal sealed record PhoneMessage(Guid? MessengerId, string PhoneNumber, string Text)
{
    private const string Marks = "+ -.()/";
    private const int FewestDigits = 4;

    /// <summary>A plus sign and fifteen digits (ITU-T E.164).</summary>
    private const int MostDigits = 16;

    public Guid? UserId { get; init; }

    /// <summary>The code in the text, if there is one: some messengers want it by itself.</summary>
    public string? Code { get; init; }

    /// <summary>The language of the text, where the template has one.</summary>
    public string? Locale { get; init; }

    /// <summary>From when on the message is of no use, milliseconds since 1970. It is not sent afterwards.</summary>
    public long? Expires { get; init; }

    /// <summary>A number without the marks that people put between digits; null for what nobody can be reached under.</summary>
    public static string? Number(string? number)
    {
        if (number is null || number.Length > 64 || !number.All(c => char.IsAsciiDigit(c) || Marks.Contains(c, StringComparison.Ordinal))) return null;
        var digits = new string([.. number.Trim().Where((c, i) => char.IsAsciiDigit(c) || (c == '+' && i == 0))]);
        return digits.Length is > FewestDigits and <= MostDigits ? digits : null;
    }

    public string Write() => JsonSerializer.Serialize(this, ContractJson.Options);

    /// <exception cref="JsonException">The row is damaged.</exception>
    public static PhoneMessage Read(string text) => JsonSerializer.Deserialize<PhoneMessage>(text, ContractJson.Options) ?? throw new JsonException("The message is null.");

    /// <summary>Names no number and no text: messages hold codes that let people in.</summary>
    public override string ToString() => "message";
}
