using System.Text;

namespace OrleansAuth.Storage;

/// <summary>
/// Text that both databases keep as it is: well-formed UTF-16 without U+0000. PostgreSQL refuses the rest, and a client
/// can send it, so it must never become a database error.
/// </summary>
internal static class StorableText
{
    public static bool Fits(string text, int longest) => text.Length <= longest && IsWellFormed(text);

    /// <summary>The text with U+FFFD in place of what cannot be stored; the same instance where nothing was wrong.</summary>
    public static string Repair(string text)
    {
        if (IsWellFormed(text))
            return text;
        var repaired = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // already answers U+FFFD for a lone surrogate
            repaired.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return repaired.ToString();
    }

    private static bool IsWellFormed(string text)
    {
        var rest = text.AsSpan();
        while (true)
        {
            var odd = rest.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (rest[..(odd < 0 ? rest.Length : odd)].Contains('\0'))
                return false;
            if (odd < 0)
                return true;
            if (odd + 1 >= rest.Length || !char.IsSurrogatePair(rest[odd], rest[odd + 1]))
                return false;
            rest = rest[(odd + 2)..];
        }
    }
}
