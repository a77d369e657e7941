using System.Security.Cryptography;

namespace OrleansAuth.Mfa;

/// <summary>A key that types one-time passwords of Yubico's algorithm, in software.</summary>
internal sealed class SoftKey(byte[] aesKey, byte[] privateId, string publicId)
{
    private const string Modhex = "cbdefghijklnrtuv";

    public byte[] AesKey => aesKey;

    public byte[] PrivateId => privateId;

    public string PublicId => publicId;

    public static SoftKey New() => new(RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(6), Spell(RandomNumberGenerator.GetBytes(6)));

    /// <summary>What the key types.</summary>
    /// <param name="plugged">How often it was plugged in.</param>
    /// <param name="touched">How often it was touched since.</param>
    public string Type(int plugged, int touched)
    {
        byte[] block = [.. privateId, (byte)plugged, (byte)(plugged >> 8), 1, 2, 3, (byte)touched, .. RandomNumberGenerator.GetBytes(2)];
        var crc = 0xffff;
        foreach (var value in block)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
        }

        crc ^= 0xffff;
        using var aes = Aes.Create();
        aes.SetKey(aesKey);
        return publicId + Spell(aes.EncryptEcb([.. block, (byte)crc, (byte)(crc >> 8)], PaddingMode.None));
    }

    private static string Spell(byte[] bytes) => string.Concat(bytes.Select(b => $"{Modhex[b >> 4]}{Modhex[b & 15]}"));
}
