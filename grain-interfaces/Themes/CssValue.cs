using System.Text.RegularExpressions;

namespace OrleansAuth.Themes;

/// <summary>
/// Plain CSS values of a theme. The patterns leave no way to end a value and begin something else: no semicolon, brace,
/// slash, backslash, at-sign or <c>url()</c> fits into any of them.
/// </summary>
public static partial class CssValue
{
    private const int LongestPicture = 128 * 1024;

    /// <summary><c>#rgb</c> to <c>#rrggbbaa</c>, <c>rgb()</c>, <c>rgba()</c>, <c>hsl()</c>, <c>hsla()</c>, or a colour's name.</summary>
    public static bool IsColor(string value) => value.Length <= 64 && Color().IsMatch(value);

    /// <summary>A number with a unit: <c>8px</c>, <c>0.5rem</c>, <c>50%</c>.</summary>
    public static bool IsLength(string value) => value.Length <= 32 && Length().IsMatch(value);

    /// <summary><c>cover</c>, <c>contain</c>, <c>auto</c>, or one or two lengths.</summary>
    public static bool IsBackgroundSize(string value) => value is "cover" or "contain" or "auto" || (value.Length <= 32 && Lengths().IsMatch(value));

    /// <summary>Names of fonts with commas between them.</summary>
    public static bool IsFontFamily(string value) => value.Length <= 512 && FontFamily().IsMatch(value);

    /// <summary>An absolute https address, or a picture as a data address.</summary>
    public static bool IsPicture(string value) =>
        value.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            ? value.Length <= LongestPicture && Data().IsMatch(value)
            : value.Length <= 2048 && !value.Any(Unsafe) && Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme == "https" && uri.UserInfo.Length == 0;

    /// <summary>Characters that would end the address inside <c>url("…")</c> or a policy header.</summary>
    private static bool Unsafe(char c) => c is '"' or '\'' or '\\' or '(' or ')' or ';' or ',' or '<' or '>' || char.IsWhiteSpace(c) || char.IsControl(c) || !char.IsAscii(c);

    [GeneratedRegex(@"\A(#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|(rgb|rgba|hsl|hsla)\([0-9., %]{1,48}\)|[a-zA-Z]{3,24})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Color();

    [GeneratedRegex(@"\A([0-9]{1,4}(\.[0-9]{1,3})?(px|rem|em|%|vh|vw)|0)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Length();

    [GeneratedRegex(@"\A([0-9]{1,4}(\.[0-9]{1,3})?(px|rem|em|%|vh|vw)|0|auto)( ([0-9]{1,4}(\.[0-9]{1,3})?(px|rem|em|%|vh|vw)|0|auto))?\z", RegexOptions.NonBacktracking)]
    private static partial Regex Lengths();

    [GeneratedRegex(@"\A('[A-Za-z0-9 _-]+'|""[A-Za-z0-9 _-]+""|-?[A-Za-z][A-Za-z0-9 _-]*)(, ?('[A-Za-z0-9 _-]+'|""[A-Za-z0-9 _-]+""|-?[A-Za-z][A-Za-z0-9 _-]*))*\z", RegexOptions.NonBacktracking)]
    private static partial Regex FontFamily();

    [GeneratedRegex(@"\Adata:image/(png|jpeg|gif|webp|avif|svg\+xml|x-icon)(;[a-z0-9-]+=[A-Za-z0-9-]+)?(;base64,[A-Za-z0-9+/=]*|,[A-Za-z0-9%._~!*+/=:@&-]*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex Data();
}
