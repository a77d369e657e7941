using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Storage.Mfa;

namespace OrleansAuth.Mfa;

/// <summary>
/// Codes that are sent to the user. Each is bound to what it was asked for, so that a code for one login is worth nothing in
/// another (ASVS 6.6.2). Pure: the time comes in.
/// </summary>
internal static class SentCodes
{
    private const int SaltBytes = 16;

    /// <summary>A login or a change that waits for its second factor.</summary>
    /// <param name="twoFactorId">Stored only as a hash.</param>
    public static string ForChallenge(string twoFactorId) => $"challenge/{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(twoFactorId)))}";

    /// <summary>An address or number that is new.</summary>
    public static string ForTarget(string method, string target) => $"add/{method}/{target}";

    /// <summary>The removal of a method.</summary>
    public static string ForRemoval(string methodId) => $"remove/{methodId}";

    /// <summary>The factors with one more code. What was sent for the same thing or by the same method before is void, and so is what is over.</summary>
    public static StoredFactors Add(StoredFactors factors, string purpose, string? methodId, string code, long expiresAt, long now)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var kept = factors.Sent.Where(s => s.ExpiresAt > now && s.For != purpose && (methodId is null || s.MethodId != methodId));
        return factors with { Sent = [.. kept, new StoredSentCode(purpose, methodId, salt, Hash(salt, code), expiresAt)] };
    }

    /// <summary>The factors without the code, which is used up, and the method that brought it; null where it is not right.</summary>
    public static (StoredFactors Next, string? MethodId)? Spend(StoredFactors factors, string purpose, string code, long now)
    {
        foreach (var sent in factors.Sent)
        {
            if (sent.For == purpose && now < sent.ExpiresAt && CryptographicOperations.FixedTimeEquals(Hash(sent.Salt, code), sent.Hash))
                return (factors with { Sent = factors.Sent.Remove(sent) }, sent.MethodId);
        }

        return null;
    }

    private static byte[] Hash(byte[] salt, string code) => HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(code.ToUpperInvariant()));
}
