using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Users;

/// <summary>
/// <c>salted-md5</c> and <c>salted-sha256</c>: the digest of password and salt, then digested again as many times as the
/// factor says. Kept for imports; both are fast to guess, so users should be moved on at their next login.
/// </summary>
internal sealed class DigestScheme : IPasswordScheme
{
    private const int LongestDigest = 32;

    private readonly Func<ReadOnlySpan<byte>, Span<byte>, int> _digest;
    private readonly int _size;

    private DigestScheme(string name, int size, Func<ReadOnlySpan<byte>, Span<byte>, int> digest) =>
        (Name, _size, _digest) = (name, size, digest);

#pragma warning disable CA5351 // the contract imports hashes made with MD5; nothing new is made with it unless a tenant asks
    public static DigestScheme SaltedMd5 { get; } = new("salted-md5", MD5.HashSizeInBytes, MD5.HashData);
#pragma warning restore CA5351

    public static DigestScheme SaltedSha256 { get; } = new("salted-sha256", SHA256.HashSizeInBytes, SHA256.HashData);

    public string Name { get; }

    public int DefaultFactor => 20_000;

    public FactorRange Factors => new(0, 10_000_000);

    public string NewSalt() => Base64Salt.New(32);

    public string Hash(string password, string salt, int factor)
    {
        Span<byte> digest = stackalloc byte[LongestDigest];
        digest = digest[.._digest([.. Encoding.UTF8.GetBytes(password), .. Convert.FromBase64String(salt)], digest)];
        for (var round = 0; round < factor; round++)
            _digest(digest, digest);
        return Convert.ToBase64String(digest);
    }

    public PasswordHashFault Check(string? salt, string? hash, int factor) =>
        !Factors.Has(factor) ? PasswordHashFault.Factor
        : !Base64Salt.IsSalt(salt) ? PasswordHashFault.Salt
        : !Base64Salt.IsHash(hash, _size) ? PasswordHashFault.Hash
        : PasswordHashFault.None;
}
