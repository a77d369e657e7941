using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Users;

/// <summary><c>salted-hmac-sha256</c>: one HMAC of the password under the salt. It has no work factor; the one given is ignored.</summary>
internal sealed class HmacScheme : IPasswordScheme
{
    public string Name => "salted-hmac-sha256";

    public int DefaultFactor => 1;

    public FactorRange Factors => new(int.MinValue, int.MaxValue);

    public string NewSalt() => Base64Salt.New(32);

    public string Hash(string password, string salt, int factor) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(salt), Encoding.UTF8.GetBytes(password)));

    public PasswordHashFault Check(string? salt, string? hash, int factor) =>
        !Base64Salt.IsSalt(salt) ? PasswordHashFault.Salt
        : !Base64Salt.IsHash(hash, HMACSHA256.HashSizeInBytes) ? PasswordHashFault.Hash
        : PasswordHashFault.None;
}
