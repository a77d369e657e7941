using System.Text;

namespace OrleansAuth.Mfa;

/// <summary>Base32 (RFC 4648, section 6), in which people carry the secret of an authenticator from one screen to another.</summary>
public static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Without padding, as authenticator applications want it.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(((bytes.Length * 8) + 4) / 5);
        var (buffer, bits) = (0, 0);
        foreach (var value in bytes)
        {
            (buffer, bits) = ((buffer << 8) | value, bits + 8);
            for (; bits >= 5; bits -= 5) text.Append(Alphabet[(buffer >> (bits - 5)) & 31]);
            buffer &= (1 << bits) - 1;
        }

        if (bits > 0) text.Append(Alphabet[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }

    /// <summary>Reads it in capital or small letters, with or without padding, blanks and hyphens. Null for anything else.</summary>
    public static byte[]? Decode(string text)
    {
        var bytes = new List<byte>(text.Length * 5 / 8);
        var (buffer, bits, digits) = (0, 0, 0);
        foreach (var c in text.TrimEnd('='))
        {
            if (c is ' ' or '-') continue;
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            if (digit < 0) return null;
            (buffer, bits, digits) = ((buffer << 5) | digit, bits + 5, digits + 1);
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(buffer >> bits));
            buffer &= (1 << bits) - 1;
        }

        // 1, 3 and 6 digits more than whole groups of eight stand for no whole number of bytes.
        return digits % 8 is 1 or 3 or 6 ? null : [.. bytes];
    }
}
