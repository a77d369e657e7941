using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Users;

/// <summary>
/// <c>bcrypt</c> (Provos and Mazières, 1999; today's <c>$2b$</c>): the factor is the power of two of its rounds, the salt
/// its 22 and the hash its 31 characters, without the prefix that other programs store before them.
/// </summary>
internal sealed class BcryptScheme : IPasswordScheme
{
    private const int SaltBytes = 16;
    private const int SaltLength = 22;
    private const int HashBytes = 23;
    private const int HashLength = 31;

    /// <summary>bcrypt looks at 72 bytes, the closing zero among them where it fits.</summary>
    private const int LongestKey = 72;

    public string Name => "bcrypt";

    public int DefaultFactor => 10;

    public FactorRange Factors => new(4, 16);

    public string NewSalt() => BcryptText.Encode(RandomNumberGenerator.GetBytes(SaltBytes));

    public string Hash(string password, string salt, int factor)
    {
        Span<byte> key = [.. Encoding.UTF8.GetBytes(password), 0];
        if (key.Length > LongestKey) key = key[..LongestKey];
        var saltBytes = BcryptText.Decode(salt, SaltBytes);

        var state = new Blowfish();
        state.Expand(key, Blowfish.Words(saltBytes));
        for (var round = 0L; round < 1L << factor; round++)
        {
            state.Expand(key, []);
            state.Expand(saltBytes, []);
        }

        return BcryptText.Encode(Seal(state).AsSpan(0, HashBytes));
    }

    public PasswordHashFault Check(string? salt, string? hash, int factor) =>
        !Factors.Has(factor) ? PasswordHashFault.Factor
        : salt?.Length != SaltLength || !BcryptText.IsText(salt) ? PasswordHashFault.Salt
        : hash?.Length != HashLength || !BcryptText.IsText(hash)
            || BcryptText.Encode(BcryptText.Decode(hash, HashBytes)) != hash ? PasswordHashFault.Hash
        : PasswordHashFault.None;

    private static byte[] Seal(Blowfish state)
    {
        var words = Blowfish.Words("OrpheanBeholderScryDoubt"u8);
        for (var block = 0; block < words.Length; block += 2)
        {
            for (var times = 0; times < 64; times++)
                state.Encrypt(ref words[block], ref words[block + 1]);
        }

        var bytes = new byte[4 * words.Length];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }
}
