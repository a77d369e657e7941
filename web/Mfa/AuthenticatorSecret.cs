using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>The secret that an authenticator shares with the server.</summary>
internal static class AuthenticatorSecret
{
    /// <summary>128 bits (RFC 4226, section 4, R6). In bytes.</summary>
    private const int Shortest = 16;

    /// <summary>In bytes.</summary>
    private const int Longest = 128;

    /// <summary>As many bytes as the hash gives (RFC 6238, section 5.1).</summary>
    public static int LengthFor(TotpAlgorithm algorithm) => algorithm switch
    {
        TotpAlgorithm.HmacSHA256 => 32,
        TotpAlgorithm.HmacSHA512 => 64,
        _ => 20,
    };

    /// <summary>The member <c>secret</c> in Base64 or <c>secretBase32Encoded</c>; an error where there is neither, or it is too short.</summary>
    public static ImmutableArray<byte> Read(JsonObject sent, Errors errors)
    {
        var (secret, base32) = (sent.Text("secret", errors), sent.Text("secretBase32Encoded", errors));
        var field = string.IsNullOrEmpty(secret) ? "secretBase32Encoded" : "secret";
        if (string.IsNullOrEmpty(secret) && string.IsNullOrEmpty(base32))
        {
            errors.AddField("secret", "blank", "The [secret] or the [secretBase32Encoded] must not be blank.");
            return [];
        }

        var bytes = string.IsNullOrEmpty(secret) ? Base32.Decode(base32!) : FromBase64(secret);
        if (bytes is null) errors.AddField(field, "couldNotConvert", $"The [{field}] is not in its encoding.");
        else if (bytes.Length is < Shortest or > Longest) errors.AddField(field, "invalid", $"The secret must have {Shortest} to {Longest} bytes.");
        return bytes is null ? [] : [.. bytes];
    }

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
