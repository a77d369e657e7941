using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Users;

/// <summary>
/// <c>phpass-md5</c> and <c>phpass-sha512</c>: the portable hashes of PHP applications, with salt and hash in standard
/// Base64 instead of the alphabet that those applications print. The factor is the number of rounds, not its logarithm.
/// </summary>
internal sealed class PhpassScheme : IPasswordScheme
{
    private const int LongestDigest = 64;

    private readonly Func<ReadOnlySpan<byte>, Span<byte>, int> _digest;
    private readonly int _size;
    private readonly int _kept;

    private PhpassScheme(string name, int rounds, int size, int kept, Func<ReadOnlySpan<byte>, Span<byte>, int> digest) =>
        (Name, DefaultFactor, _size, _kept, _digest) = (name, rounds, size, kept, digest);

#pragma warning disable CA5351 // the contract imports hashes made with MD5; nothing new is made with it unless a tenant asks
    public static PhpassScheme Md5 { get; } = new("phpass-md5", 8_192, MD5.HashSizeInBytes, 24, MD5.HashData);
#pragma warning restore CA5351

    /// <summary>Keeps 43 characters of the digest's Base64, as the applications that use it do.</summary>
    public static PhpassScheme Sha512 { get; } = new("phpass-sha512", 32_768, SHA512.HashSizeInBytes, 43, SHA512.HashData);

    public string Name { get; }

    public int DefaultFactor { get; }

    public FactorRange Factors => new(1, 10_000_000);

    public string NewSalt() => Base64Salt.New(16);

    public string Hash(string password, string salt, int factor)
    {
        var text = Encoding.UTF8.GetBytes(password);
        Span<byte> digest = stackalloc byte[LongestDigest];
        _digest([.. Convert.FromBase64String(salt), .. text], digest);

        // Each round reads the digest before it, then the password again.
        var round = new byte[_size + text.Length];
        text.CopyTo(round, _size);
        for (var count = 0; count < factor; count++)
        {
            digest[.._size].CopyTo(round);
            _digest(round, digest);
        }

        CryptographicOperations.ZeroMemory(round);
        return Convert.ToBase64String(digest[.._size])[.._kept];
    }

    public PasswordHashFault Check(string? salt, string? hash, int factor) =>
        !Factors.Has(factor) ? PasswordHashFault.Factor
        : !Base64Salt.IsSalt(salt) ? PasswordHashFault.Salt
        : hash?.Length != _kept || !IsHash(hash) ? PasswordHashFault.Hash
        : PasswordHashFault.None;

    private bool IsHash(string hash) => _kept % 4 == 0
        ? Base64Salt.IsHash(hash, _size)
        : hash.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/');
}
