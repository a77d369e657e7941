using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Webhooks;

namespace OrleansAuth.CommandLine;

/// <summary>Signatures of Standard Webhooks as receivers check them and senders make them: HMAC-SHA256 over id, time and body.</summary>
internal static class EventSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    private const string Version = "v1,";

    /// <summary>How old a request may be, or how far the clocks may differ.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    public static string Sign(string secret, string id, string timestamp, ReadOnlySpan<byte> body) => Version + Convert.ToBase64String(Hash(secret, id, timestamp, body));

    /// <summary>Whether one of the signatures is right and the request is of now.</summary>
    public static bool Verify(string secret, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (id, timestamp) = (headers[IdHeader].ToString(), headers[TimestampHeader].ToString());
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds) return false;
        var expected = Hash(secret, id, timestamp, body);
        Span<byte> sent = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var signature in headers[SignatureHeader].ToString().Split(' '))
        {
            if (signature.StartsWith(Version, StringComparison.Ordinal) && Convert.TryFromBase64Chars(signature.AsSpan(Version.Length), sent, out var length)
                && length == sent.Length && CryptographicOperations.FixedTimeEquals(sent, expected)) return true;
        }

        return false;
    }

    private static byte[] Hash(string secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return HMACSHA256.HashData(WebhookSecrets.Key(secret), signed);
    }
}
