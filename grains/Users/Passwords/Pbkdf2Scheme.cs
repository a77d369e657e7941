using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Users;

/// <summary>The three PBKDF2 schemes (RFC 8018 section 5.2); the factor is the number of iterations.</summary>
internal sealed class Pbkdf2Scheme : IPasswordScheme
{
    private readonly HashAlgorithmName _hash;
    private readonly int _size;

    private Pbkdf2Scheme(string name, HashAlgorithmName hash, int size) => (Name, _hash, _size) = (name, hash, size);

    /// <summary>The default: HMAC-SHA256, 256-bit key. <see cref="PasswordHasher"/> hashes several of these at once.</summary>
    public static Pbkdf2Scheme Sha256 { get; } = new("salted-pbkdf2-hmac-sha256", HashAlgorithmName.SHA256, 32);

    public static Pbkdf2Scheme Sha256Wide { get; } = new("salted-pbkdf2-hmac-sha256-512", HashAlgorithmName.SHA256, 64);

    public static Pbkdf2Scheme Sha512 { get; } = new("salted-pbkdf2-hmac-sha512-512", HashAlgorithmName.SHA512, 64);

    public string Name { get; }

    public int DefaultFactor => 24_000;

    public FactorRange Factors => new(1, 10_000_000);

    public string NewSalt() => Base64Salt.New(32);

    public string Hash(string password, string salt, int factor) => Convert.ToBase64String(
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), Convert.FromBase64String(salt), factor, _hash, _size));

    public PasswordHashFault Check(string? salt, string? hash, int factor) =>
        !Factors.Has(factor) ? PasswordHashFault.Factor
        : !Base64Salt.IsSalt(salt) ? PasswordHashFault.Salt
        : !Base64Salt.IsHash(hash, _size) ? PasswordHashFault.Hash
        : PasswordHashFault.None;
}
