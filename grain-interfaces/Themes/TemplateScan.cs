using System.Text.RegularExpressions;

namespace OrleansAuth.Themes;

/// <param name="Line">From 1.</param>
public sealed record TemplateFault(int Line, string Message);

/// <summary>
/// Looks over a Handlebars template before it is compiled. What could cost more than its length or reach beyond its data is
/// refused here: partials other than the one there is, partials and decorators defined inside, raw blocks; too many or too
/// deep blocks. And it knows the lines of blocks that are not closed, which the compiler does not.
/// </summary>
internal static partial class TemplateScan
{
    public const int LongestText = 256 * 1024;
    private const int MostTags = 4_000;
    private const int MostBlocks = 400;
    private const int DeepestBlock = 24;
    private const int LongestTag = 1_000;
    private const int MostParentheses = 8;

    /// <param name="isHelpers">The text is the partial itself, which may include none.</param>
    public static TemplateFault? Find(string text, bool isHelpers)
    {
        if (text.Length > LongestText) return new(1, $"A template may have at most {LongestText} characters.");
        var open = new Stack<(string Name, int Depth, int Line)>();
        var (tags, blocks, depth) = (0, 0, 0);
        for (var at = text.IndexOf("{{", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{{", at, StringComparison.Ordinal))
        {
            var line = 1 + text.AsSpan(0, at).Count('\n');
            if (at > 0 && text[at - 1] == '\\') return new(line, "A backslash before a tag is not supported; write &#123; for a brace.");
            if (Tag(text, at) is not { } tag) return new(line, "This tag is not closed.");
            at = tag.End;
            if (tag.IsComment) continue;
            if (++tags > MostTags) return new(line, $"A template may have at most {MostTags} tags.");
            if (Refused(tag.Content, isHelpers) is { } reason) return new(line, reason);
            var word = FirstWord().Match(tag.Content);
            var (sign, name) = (word.Groups[1].Value, word.Groups[2].Value);
            if (sign is "#" or "^" && name.Length > 0)
            {
                open.Push((name, depth, line));
                depth++;
                blocks++;
            }
            else if (sign == "/")
            {
                if (!open.TryPop(out var block) || block.Name != name) return new(line, $"This closes [{name}], which is not the block that is open.");
                depth = block.Depth;
            }
            else if (sign.Length == 0 && name == "else" && tag.Content.Trim() != "else")
            {
                // The rest of the block stands inside this one.
                depth++;
                blocks++;
            }

            if (depth > DeepestBlock) return new(line, $"Blocks may stand at most {DeepestBlock} deep inside one another.");
            if (blocks > MostBlocks) return new(line, $"A template may have at most {MostBlocks} blocks.");
        }

        return open.TryPop(out var unclosed) ? new(unclosed.Line, $"The block [{unclosed.Name}] is not closed.") : null;
    }

    private static (string Content, bool IsComment, int End)? Tag(string text, int at)
    {
        var comment = string.CompareOrdinal(text, at, "{{!--", 0, 5) == 0 || string.CompareOrdinal(text, at, "{{~!--", 0, 6) == 0;
        var triple = !comment && string.CompareOrdinal(text, at, "{{{", 0, 3) == 0;
        var closing = comment ? "--" : triple ? "}}}" : "}}";
        var end = text.IndexOf(closing, at + 2, StringComparison.Ordinal);
        if (comment && end >= 0)
        {
            // A comment ends with --}} or --~}}.
            end = CommentEnd().Match(text, at + 5) is { Success: true } found ? found.Index : -1;
            return end < 0 ? null : ("", true, text.IndexOf("}}", end, StringComparison.Ordinal) + 2);
        }

        if (end < 0) return null;
        var content = text[(at + (triple ? 3 : 2))..end].Trim('~');
        return (content, content.StartsWith('!'), end + closing.Length);
    }

    private static string? Refused(string content, bool isHelpers)
    {
        if (content.Length > LongestTag) return $"A tag may have at most {LongestTag} characters.";
        var inside = content.TrimStart();
        if (string.IsNullOrWhiteSpace(inside.TrimStart('#', '/', '^', '&', '>'))) return inside == "^" ? null : "This tag is empty.";
        if (inside.Contains('{', StringComparison.Ordinal)) return "Raw blocks, and tags inside tags, are not supported.";
        if (inside.Count(c => c == '(') > MostParentheses) return $"A tag may have at most {MostParentheses} parentheses.";
        if (inside.StartsWith("#>", StringComparison.Ordinal) || inside.StartsWith("#*", StringComparison.Ordinal) || inside.StartsWith('*') || inside.StartsWith("# ", StringComparison.Ordinal))
            return "Partials and decorators cannot be defined in a template.";
        if (inside.StartsWith('&')) return "Write {{name}}: every value is escaped.";
        if (!inside.StartsWith('>')) return null;
        if (isHelpers) return "This template cannot include partials.";
        return Partial().IsMatch(inside) ? null : "The only partial is [helpers]. It takes values as name=value.";
    }

    [GeneratedRegex(@"\A\s*([#/^]?)\s*([^\s(]*)", RegexOptions.NonBacktracking)]
    private static partial Regex FirstWord();

    [GeneratedRegex(@"\A>\s*helpers(\s+[A-Za-z]+=[^\s]+)*\s*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Partial();

    [GeneratedRegex(@"--~?\}\}", RegexOptions.NonBacktracking)]
    private static partial Regex CommentEnd();
}
