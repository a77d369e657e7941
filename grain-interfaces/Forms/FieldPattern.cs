using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OrleansAuth.Forms;

/// <summary>
/// The regular expression of a field. Most run in time linear in the value; those that look around or back get a time
/// limit instead, and a value that uses it up does not match.
/// </summary>
public sealed class FieldPattern
{
    /// <summary>Longer expressions are refused.</summary>
    public const int LongestExpression = 1_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);
    private readonly Regex _regex;

    private FieldPattern(Regex regex) => _regex = regex;

    public static bool TryParse([StringSyntax(StringSyntaxAttribute.Regex)] string? expression, [NotNullWhen(true)] out FieldPattern? pattern)
    {
        pattern = null;
        if (string.IsNullOrEmpty(expression) || expression.Length > LongestExpression) return false;
        var whole = $@"\A(?:{expression})\z";
        try
        {
            _ = new Regex(expression, RegexOptions.CultureInvariant, Limit);
            pattern = new FieldPattern(new Regex(whole, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Limit));
        }
        catch (NotSupportedException)
        {
            pattern = new FieldPattern(new Regex(whole, RegexOptions.CultureInvariant, Limit));
        }
        catch (ArgumentException)
        {
            return false;
        }

        return true;
    }

    /// <summary>Whether the whole value matches.</summary>
    public bool Matches(string value)
    {
        try
        {
            return _regex.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
