using System.Text;

namespace OrleansAuth.Mail;

/// <summary>Text as it travels in mails: encoded words in headers (RFC 2047), quoted-printable or Base64 in bodies (RFC 2045).</summary>
internal static class MimeText
{
    private const int LineLength = 76;
    private const string WordBegin = "=?UTF-8?B?";
    private const string WordEnd = "?=";

    // 75 characters are the longest word (RFC 2047, section 2): 45 bytes are 60 characters of Base64, and a name of a header may precede the first.
    private const int WordBytes = 36;

    public static bool IsAscii(string text) => text.All(c => c is >= ' ' and < '\u007f');

    /// <summary>Free text of a header, in words that can be folded; joined by line ends and a space.</summary>
    public static string HeaderText(string text) =>
        IsPlain(text) ? text : EncodedWords(text);

    /// <summary>The name before an address: quoted, or encoded where it is not plain.</summary>
    public static string Phrase(string name) => IsPlain(name)
        ? "\"" + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""
        : EncodedWords(name);

    /// <summary>Short, and nothing in it looks encoded already.</summary>
    private static bool IsPlain(string text) => IsAscii(text) && !text.Contains("=?", StringComparison.Ordinal) && text.Length <= LineLength - 16;

    private static string EncodedWords(string text)
    {
        var words = new List<string>();
        var word = new List<byte>(WordBytes);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            if (word.Count + length > WordBytes) Flush();
            word.AddRange(utf8[..length]);
        }

        Flush();
        return string.Join("\r\n ", words);

        void Flush()
        {
            words.Add(WordBegin + Convert.ToBase64String([.. word]) + WordEnd);
            word.Clear();
        }
    }

    /// <summary>A body and the name of its encoding, whichever is shorter; lines end with CRLF and have at most 76 characters.</summary>
    public static (string Encoding, string Body) Body(string text)
    {
        var lines = text.ReplaceLineEndings("\r\n");
        var utf8 = Encoding.UTF8.GetBytes(lines);
        var special = utf8.Count(b => b >= 0x7f);
        return special * 6 > utf8.Length
            ? ("base64", Convert.ToBase64String(utf8, Base64FormattingOptions.InsertLineBreaks) + "\r\n")
            : ("quoted-printable", QuotedPrintable(lines));
    }

    private static string QuotedPrintable(string text)
    {
        var written = new StringBuilder(text.Length * 5 / 4);
        foreach (var line in text.Split("\r\n")) QuoteLine(Encoding.UTF8.GetBytes(line), written);
        return written.ToString();
    }

    private static void QuoteLine(byte[] line, StringBuilder written)
    {
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            // A blank at the end of a line would be lost on the way.
            var last = i == line.Length - 1;
            var plain = line[i] is (> 32 and < 127 and not (byte)'=') || (line[i] is 32 or 9 && !last);
            var width = plain ? 1 : 3;
            if (column + width > LineLength - 1)
            {
                written.Append("=\r\n");
                column = 0;
            }

            if (plain) written.Append((char)line[i]);
            else written.Append('=').Append(line[i].ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            column += width;
        }

        written.Append("\r\n");
    }
}
