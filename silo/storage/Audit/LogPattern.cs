using System.Text;

namespace OrleansAuth.Storage.Audit;

/// <summary>
/// What a search types for a text, as a pattern of <c>like</c>: <c>*</c> stands for anything, and a text without one matches anywhere.
/// The letters A to Z match in either case; all others as they are, because the two databases know their cases differently.
/// </summary>
public static class LogPattern
{
    /// <summary>Longest text that a search takes, in UTF-16 characters.</summary>
    public const int Longest = 1_000;

    /// <summary>More than these would make a search cost much and find nothing more.</summary>
    public const int MostStars = 8;

    /// <summary>Null for a text that says nothing.</summary>
    public static string? From(string? typed)
    {
        if (string.IsNullOrEmpty(typed)) return null;
        var pattern = new StringBuilder(typed.Length + 8);
        foreach (var letter in typed)
        {
            if (letter == '*') pattern.Append('%');
            else if (letter is '%' or '_' or '\\') pattern.Append('\\').Append(letter);
            else pattern.Append(char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter);
        }

        return typed.Contains('*', StringComparison.Ordinal) ? pattern.ToString() : $"%{pattern}%";
    }
}
