using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace OrleansAuth.Benchmarks.Peer;

/// <summary>
/// The hash that our users get by default, PBKDF2-HMAC-SHA256 over a salt of 32 bytes, computed the way .NET offers it:
/// both sides of the comparison do the same work on a password. Stored as iterations (4 bytes), salt, hash.
/// </summary>
internal sealed class Pbkdf2Hasher : IPasswordHasher<PeerUser>
{
    /// <summary>The work of a password hash that is not said otherwise.</summary>
    public const int DefaultIterations = 24_000;

    private const int SaltBytes = 32;
    private const int HashBytes = 32;

    public string HashPassword(PeerUser user, string password)
    {
        Span<byte> stored = stackalloc byte[4 + SaltBytes + HashBytes];
        BinaryPrimitives.WriteInt32LittleEndian(stored, user.Iterations);
        RandomNumberGenerator.Fill(stored.Slice(4, SaltBytes));
        Rfc2898DeriveBytes.Pbkdf2(
            password, stored.Slice(4, SaltBytes), stored[(4 + SaltBytes)..], user.Iterations, HashAlgorithmName.SHA256);
        return Convert.ToBase64String(stored);
    }

    public PasswordVerificationResult VerifyHashedPassword(PeerUser user, string hashedPassword, string providedPassword)
    {
        Span<byte> stored = stackalloc byte[4 + SaltBytes + HashBytes];
        if (!Convert.TryFromBase64String(hashedPassword, stored, out _)) return PasswordVerificationResult.Failed;

        Span<byte> hash = stackalloc byte[HashBytes];
        Rfc2898DeriveBytes.Pbkdf2(
            providedPassword, stored.Slice(4, SaltBytes), hash, BinaryPrimitives.ReadInt32LittleEndian(stored), HashAlgorithmName.SHA256);
        return CryptographicOperations.FixedTimeEquals(hash, stored[(4 + SaltBytes)..])
            ? PasswordVerificationResult.Success
            : PasswordVerificationResult.Failed;
    }
}
