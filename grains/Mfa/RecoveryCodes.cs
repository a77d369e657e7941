using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Storage.Mfa;

namespace OrleansAuth.Mfa;

/// <summary>
/// Codes for who has lost a second factor. Each is good once, has 75 random bits and is stored as a hash, so the store
/// gives none of them away.
/// </summary>
internal static class RecoveryCodes
{
    private const int Count = 10;
    private const int Length = 15;

    /// <summary>What is read out and typed: without letters and digits that look alike.</summary>
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>New codes, as the user sees them this once, and what is stored of them.</summary>
    public static (ImmutableArray<string> Codes, ImmutableArray<string> Hashes) New(Guid userId)
    {
        var codes = Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetString(Alphabet, Length)).ToArray();
        return ([.. codes.Select(c => $"{c[..5]}-{c[5..10]}-{c[10..]}")], [.. codes.Select(c => Hash(userId, c))]);
    }

    /// <summary>The factors without the code that was typed; null where it is none of them.</summary>
    public static StoredFactors? Spend(StoredFactors factors, Guid userId, string typed)
    {
        var hash = Encoding.ASCII.GetBytes(Hash(userId, typed));
        var found = -1;
        for (var i = 0; i < factors.RecoveryCodes.Length; i++)
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(factors.RecoveryCodes[i]))) found = i;
        return found < 0 ? null : factors with { RecoveryCodes = factors.RecoveryCodes.RemoveAt(found) };
    }

    /// <summary>What is stored of a code: the same for capital and small letters, with and without hyphens, another for every user.</summary>
    public static string Hash(Guid userId, string code)
    {
        var text = string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"recovery code/{userId:N}/{text}")));
    }
}
