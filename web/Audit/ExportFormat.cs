using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Operations;

namespace OrleansAuth.Audit;

/// <summary>How an export writes instants: in a time zone, by a pattern of the contract, which is that of Java's DateTimeFormatter.</summary>
internal sealed class ExportFormat
{
    /// <summary>ISO 8601 with the offset, unless a request names another pattern.</summary>
    public const string Default = "yyyy-MM-dd'T'HH:mm:ssxxx";

    private const int Longest = 100;

    private readonly TimeZoneInfo _zone;
    private readonly string _pattern;

    private ExportFormat(TimeZoneInfo zone, string pattern) => (_zone, _pattern) = (zone, pattern);

    /// <summary>By <c>dateTimeSecondsFormat</c> and <c>zoneId</c> of a request; without them by default, in the time zone of the system's reports.</summary>
    public static Outcome<ExportFormat> From(JsonObject sent, SystemConfiguration system)
    {
        var errors = new Errors("");
        var (pattern, zoneId) = (sent.Text("dateTimeSecondsFormat", errors) ?? Default, sent.Text("zoneId", errors) ?? system.ReportTimezone);
        var zone = TimeZones.Find(zoneId);
        if (zone is null)
            errors.AddField("zoneId", "invalid", "The [zoneId] must be a time zone that this server knows, such as [Europe/Vienna].");
        if (pattern.Length > Longest || Translate(pattern) is not { } known)
            errors.AddField("dateTimeSecondsFormat", "invalid", "The [dateTimeSecondsFormat] may have the letters y u M d E a H h m s S x X Z z, other text between apostrophes, and 100 characters.");
        else if (!errors.Any) return new ExportFormat(zone!, known);
        return errors.Refusal;
    }

    /// <param name="instant">Milliseconds since 1970.</param>
    public string Write(long instant) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(instant), _zone).ToString(_pattern, CultureInfo.InvariantCulture);

    /// <summary>The same pattern in .NET's letters, or null where there is no such thing. Zones are written as offsets.</summary>
    private static string? Translate(string pattern)
    {
        var made = new StringBuilder();
        for (var i = 0; i < pattern.Length;)
        {
            var letter = pattern[i];
            var length = pattern.AsSpan(i).IndexOfAnyExcept(letter) is var run && run < 0 ? pattern.Length - i : run;
            if (letter == '\'')
            {
                var end = pattern.IndexOf('\'', i + 1);
                if (end < 0) return null;
                Quote(made, end == i + 1 ? "'" : pattern[(i + 1)..end]);
                i = end + 1;
                continue;
            }

            if (!char.IsAsciiLetter(letter)) Quote(made, new string(letter, length));
            else if (Letters(letter, length) is { } letters) made.Append(letters);
            else return null;
            i += length;
        }

        // A single letter would be taken for the name of a standard format.
        return made.Length == 0 ? null : made.Length == 1 ? $"%{made}" : made.ToString();
    }

    private static string? Letters(char letter, int length) => letter switch
    {
        'y' or 'u' => length == 2 ? "yy" : "yyyy",
        'M' or 'L' => new string('M', Math.Min(length, 4)),
        'd' => length <= 2 ? new string('d', length) : null,
        'E' => length >= 4 ? "dddd" : "ddd",
        'a' => "tt",
        'H' or 'h' or 'm' or 's' => length <= 2 ? new string(letter, length) : null,
        'S' => length <= 7 ? new string('f', length) : null,
        'x' or 'X' or 'Z' or 'z' => "zzz",
        _ => null,
    };

    private static void Quote(StringBuilder made, string text)
    {
        foreach (var letter in text) made.Append('\\').Append(letter);
    }
}
