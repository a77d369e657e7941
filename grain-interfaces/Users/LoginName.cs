using System.Text;
using OrleansAuth.Common;

namespace OrleansAuth.Users;

/// <summary>
/// How names that people sign in with are compared. E-mail addresses, usernames and phone numbers of a tenant share one
/// space of names: whoever holds a name in one form holds it in all.
/// </summary>
public static class LoginName
{
    /// <summary>In UTF-16 characters; longer names are refused.</summary>
    public const int MaximumLength = 191;

    /// <summary>The form in which two names are equal: composed (NFC), lower case, without surrounding blanks.</summary>
    /// <returns>Null for what can never be a name: empty, too long, or with characters that no text may have.</returns>
    public static string? Normalise(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaximumLength || !IsClean(name)) return null;
        return NormalForm.Compose(name.Trim().ToLowerInvariant());
    }

    /// <summary>A phone number without the marks that people put between digits, or null where it is none (RFC 3966: a plus and 7 to 15 digits).</summary>
    public static string? Phone(string? number)
    {
        if (number is null || number.Length > 64) return null;
        var digits = new StringBuilder(16);
        foreach (var c in number.Trim())
        {
            if (char.IsAsciiDigit(c) || (c == '+' && digits.Length == 0)) digits.Append(c);
            else if (c is not (' ' or '-' or '.' or '(' or ')')) return null;
        }

        return digits.Length is >= 8 and <= 16 && digits[0] == '+' ? digits.ToString() : null;
    }

    /// <summary>The name that was typed: a phone number where it may be one and is, else as <see cref="Normalise"/>; null for what nobody can have.</summary>
    public static string? Of(string? loginId, bool mayBePhone) => (mayBePhone ? Phone(loginId) : null) ?? Normalise(loginId);

    /// <summary>
    /// What stands for a typed name when attempts on it are counted: all ways to write one name count together. What can
    /// never be a name stands for itself.
    /// </summary>
    public static string Typed(string loginId, bool mayBePhone) => Of(loginId, mayBePhone) ?? loginId;

    /// <summary>True where a text has no control characters (line ends among them) and no broken surrogates.</summary>
    public static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || text[i] is '\u2028' or '\u2029') return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
