using System.Text;

namespace OrleansAuth.Users;

/// <summary>bcrypt's own Base64: another order of the alphabet, no padding.</summary>
internal static class BcryptText
{
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static bool IsText(string text) => text.All(c => Alphabet.Contains(c, StringComparison.Ordinal));

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, held) = (0, 0);
        foreach (var b in bytes)
        {
            (bits, held) = ((bits << 8) | b, held + 8);
            for (; held >= 6; held -= 6)
                text.Append(Alphabet[(bits >> (held - 6)) & 63]);
            bits &= (1 << held) - 1;
        }

        if (held > 0) text.Append(Alphabet[(bits << (6 - held)) & 63]);
        return text.ToString();
    }

    /// <summary>The first <paramref name="length"/> bytes of the text. Left-over bits of the last character are ignored: some programs set them.</summary>
    public static byte[] Decode(string text, int length)
    {
        var bytes = new byte[length];
        var (bits, held, at) = (0, 0, 0);
        foreach (var c in text)
        {
            (bits, held) = (((bits << 6) | Alphabet.IndexOf(c, StringComparison.Ordinal)) & 0xffff, held + 6);
            if (held < 8 || at == length) continue;
            held -= 8;
            bytes[at++] = (byte)(bits >> held);
        }

        return bytes;
    }
}
