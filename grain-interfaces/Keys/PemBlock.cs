using System.Security.Cryptography;

namespace OrleansAuth.Keys;

/// <summary>The one block of a PEM text: its label and its bytes.</summary>
internal sealed record PemBlock(string Label, byte[] Data)
{
    /// <summary>Longer texts are refused unread; a key of 16,384 bits needs a fifth of it.</summary>
    private const int Longest = 65_536;

    /// <summary>Reads the first block; null where there is none.</summary>
    public static PemBlock? Read(string text)
    {
        if (text.Length > Longest || !PemEncoding.TryFind(text, out var fields)) return null;
        var data = new byte[fields.DecodedDataLength];
        return Convert.TryFromBase64Chars(text.AsSpan(fields.Base64Data), data, out _)
            ? new PemBlock(text[fields.Label], data)
            : null;
    }
}
