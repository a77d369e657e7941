using System.Buffers.Text;
using System.Security.Cryptography;
using OrleansAuth.Tenants;

namespace OrleansAuth.Identifiers;

/// <summary>Makes identifiers out of the system's random numbers.</summary>
public static class IdentifierText
{
    private const string Digits = "0123456789";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // For codes that people read and type: without letters and digits that look alike.
    private const string Readable = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>256 random bits, base64url: for everything that nobody types.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>An identifier of the shape that the tenant chose. Random bytes are written as base64url.</summary>
    public static string New(SecureGeneratorConfiguration shape) => shape.Type switch
    {
        SecureGeneratorType.RandomBytes => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(shape.Length)),
        SecureGeneratorType.RandomDigits => RandomNumberGenerator.GetString(Digits, shape.Length),
        SecureGeneratorType.RandomAlpha => RandomNumberGenerator.GetString(Letters, shape.Length),
        _ => RandomNumberGenerator.GetString(Readable, shape.Length),
    };
}
