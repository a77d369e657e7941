using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace OrleansAuth.Themes;

/// <summary>
/// Reads messages in the form of Java's properties files: <c>key=value</c> or <c>key:value</c> lines, <c>#</c> and <c>!</c>
/// for comments, a backslash at the end of a line that goes on, and <c>\n</c>, <c>\t</c>, <c>\u00fc</c> inside it.
/// </summary>
public static class MessageProperties
{
    /// <summary>Longer texts of messages are refused.</summary>
    public const int LongestText = 256 * 1024;

    /// <param name="faultyLine">The number of the first line that is not of this form, from 1; 0 when all are.</param>
    public static FrozenDictionary<string, string> Read(string text, out int faultyLine)
    {
        var messages = new Dictionary<string, string>(StringComparer.Ordinal);
        faultyLine = 0;
        var number = 0;
        using var lines = text.ReplaceLineEndings("\n").Split('\n').AsEnumerable().GetEnumerator();
        while (lines.MoveNext())
        {
            number++;
            var line = lines.Current.TrimStart();
            if (line.Length == 0 || line[0] is '#' or '!') continue;
            var first = number;
            while (GoesOn(line) && lines.MoveNext())
            {
                number++;
                line = line[..^1] + lines.Current.TrimStart();
            }

            if (!Add(line, messages) && faultyLine == 0) faultyLine = first;
        }

        return messages.ToFrozenDictionary();
    }

    private static bool GoesOn(string line) => (line.Length - line.AsSpan().TrimEnd('\\').Length) % 2 == 1;

    private static bool Add(string line, Dictionary<string, string> messages)
    {
        var end = 0;
        // A key may hold brackets, as those of errors do, and an escaped separator.
        while (end < line.Length && line[end] is not ('=' or ':')) end += line[end] == '\\' ? 2 : 1;
        if (end >= line.Length) return false;
        var key = Unescape(line[..end].TrimEnd());
        var value = Unescape(line[(end + 1)..].TrimStart());
        if (string.IsNullOrEmpty(key) || value is null) return false;
        messages[key] = value;
        return true;
    }

    /// <returns>Null where an escape is cut short.</returns>
    private static string? Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            if (++i == text.Length) return null;
            if (text[i] == 'u')
            {
                if (i + 4 >= text.Length || !ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)) return null;
                result.Append((char)code);
                i += 4;
            }
            else
            {
                result.Append(text[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'f' => '\f', var other => other });
            }
        }

        return result.ToString();
    }
}
