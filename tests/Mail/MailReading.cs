using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansAuth.Mail;

/// <summary>Reads mails again, by the letter of the RFCs and apart from the code that writes them.</summary>
internal static partial class MailReading
{
    public static ILookup<string, string> Headers(string raw)
    {
        var block = raw[..raw.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        return FoldedLine().Replace(block, " ").Split("\r\n")
            .Select(line => line.Split(": ", 2))
            .ToLookup(pair => pair[0], pair => Decode(pair[1]), StringComparer.OrdinalIgnoreCase);
    }

    public static string Part(string raw, string type)
    {
        if (Boundary().Match(raw) is not { Success: true } found) return Body(raw, type)!;
        var delimiter = "\r\n--" + found.Groups[1].Value;
        Assert.EndsWith(delimiter + "--\r\n", raw, StringComparison.Ordinal);
        return raw.Split(delimiter).Skip(1).Select(part => Body(part[2..], type)).First(body => body is not null)!;
    }

    private static string? Body(string part, string type)
    {
        var headers = Headers(part);
        if (!headers["Content-Type"].Single().StartsWith(type, StringComparison.Ordinal)) return null;
        Assert.Contains("charset=utf-8", headers["Content-Type"].Single(), StringComparison.Ordinal);
        var body = part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var bytes = headers["Content-Transfer-Encoding"].Single() switch
        {
            "base64" => Convert.FromBase64String(body),
            "quoted-printable" => Quoted(body),
            var other => throw new InvalidDataException(other),
        };
        return Encoding.UTF8.GetString(bytes).TrimEnd('\r', '\n');
    }

    private static byte[] Quoted(string body)
    {
        var bytes = new List<byte>();
        var text = body.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=')
            {
                bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                Assert.True(text[i] < 128);
                bytes.Add((byte)text[i]);
            }
        }

        return [.. bytes];
    }

    private static string Decode(string value) =>
        Word().Replace(BetweenWords().Replace(value, "?=${next}"), word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));

    [GeneratedRegex(@"\r\n[ \t]+")]
    private static partial Regex FoldedLine();

    [GeneratedRegex(@"boundary=""([^""]+)""")]
    private static partial Regex Boundary();

    [GeneratedRegex(@"=\?UTF-8\?B\?([^?]*)\?=")]
    private static partial Regex Word();

    [GeneratedRegex(@"\?=\s+(?<next>=\?)")]
    private static partial Regex BetweenWords();
}
