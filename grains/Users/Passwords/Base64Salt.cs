using System.Security.Cryptography;

namespace OrleansAuth.Users;

/// <summary>Salts and hashes in standard Base64, as all built-in schemes but bcrypt store them.</summary>
internal static class Base64Salt
{
    /// <summary>Longer salts are refused: nobody needs them, and each login would carry them.</summary>
    public const int LongestSalt = 1024;

    public static string New(int bytes) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>True for canonical Base64 of at least one byte.</summary>
    public static bool IsSalt(string? text) => text is { Length: > 0 and <= LongestSalt } && IsCanonical(text, null);

    /// <summary>True for canonical Base64 of exactly so many bytes.</summary>
    public static bool IsHash(string? text, int bytes) => text is { Length: > 0 and <= LongestSalt } && IsCanonical(text, bytes);

    // One hash has one spelling, because hashes are compared as text.
    private static bool IsCanonical(string text, int? length)
    {
        Span<byte> bytes = stackalloc byte[LongestSalt];
        return Convert.TryFromBase64String(text, bytes, out var written)
            && (length is null || written == length)
            && Convert.ToBase64String(bytes[..written]) == text;
    }
}
