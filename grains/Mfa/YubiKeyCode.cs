using System.Security.Cryptography;

namespace OrleansAuth.Mfa;

/// <summary>
/// A one-time password as a YubiKey types it: a public id and a block of AES-128, both in modhex, a spelling of hexadecimal
/// digits by letters that every keyboard has in the same place. In the block are a private id, how often the key was plugged
/// in and how often it was touched since, and a check sum.
/// </summary>
/// <param name="PublicId">12 characters.</param>
internal sealed record YubiKeyCode(string PublicId, string Block)
{
    private const string Modhex = "cbdefghijklnrtuv";
    private const int PublicIdLength = 12;
    private const int BlockLength = 32;

    /// <summary>What the check sum of a whole block comes to, the check sum itself included.</summary>
    private const ushort Residue = 0xf0b8;

    /// <summary>Reads what was typed; null for anything that is no such password.</summary>
    public static YubiKeyCode? Read(string text)
    {
        text = text.Trim().ToLowerInvariant();
        return text.Length == PublicIdLength + BlockLength && text.All(c => Modhex.Contains(c, StringComparison.Ordinal))
            ? new YubiKeyCode(text[..PublicIdLength], text[PublicIdLength..])
            : null;
    }

    /// <summary>Whether a text is a public id.</summary>
    public static bool IsPublicId(string text) => text.Length == PublicIdLength && text.All(c => Modhex.Contains(c, StringComparison.Ordinal));

    /// <summary>
    /// Which use of the key this is, ascending: plugged in times 256 and touched since. Null where the block is not of this key.
    /// </summary>
    /// <param name="aesKey">16 bytes.</param>
    /// <param name="privateId">6 bytes.</param>
    public long? Counter(ReadOnlySpan<byte> aesKey, ReadOnlySpan<byte> privateId)
    {
        using var aes = Aes.Create();
        aes.SetKey(aesKey);
        var block = aes.DecryptEcb(Bytes(Block), PaddingMode.None);
        if (CheckSum(block) != Residue || !CryptographicOperations.FixedTimeEquals(block.AsSpan(0, 6), privateId)) return null;
        var plugged = (block[6] | (block[7] << 8)) & 0x7fff;
        return (plugged << 8) | block[11];
    }

    /// <summary>The password as a whole.</summary>
    public override string ToString() => $"code of YubiKey {PublicId}";

    /// <summary>As a validation server wants it.</summary>
    public string Text() => PublicId + Block;

    private static byte[] Bytes(string modhex)
    {
        var bytes = new byte[modhex.Length / 2];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)((Modhex.IndexOf(modhex[2 * i], StringComparison.Ordinal) << 4) | Modhex.IndexOf(modhex[(2 * i) + 1], StringComparison.Ordinal));
        return bytes;
    }

    /// <summary>CRC-16 of ISO/IEC 13239, lowest bit first.</summary>
    private static ushort CheckSum(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xffff;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0x8408 : crc >> 1);
        }

        return crc;
    }
}
