using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.Webhooks;

/// <summary>
/// What lets a receiver know that a request is of this server, about what and how old: the headers of Standard Webhooks, with every
/// secret that is in force, and, where the webhook wants it, a JWT over the hash of the body, as the contract has it. Made anew for each
/// attempt, so that a late one is as fresh as the first.
/// </summary>
internal static class WebhookSignatures
{
    public const string JwtHeader = "X-FusionAuth-Signature-JWT";
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string SecretPrefix = "whsec_";

    /// <summary>There is no JWT where its key is missing, has expired or cannot sign: receivers that check refuse the request.</summary>
    public static void Add(HttpRequestMessage request, Webhook webhook, DeliverEvent told, ConfigurationSnapshot snapshot, Clock clock)
    {
        var now = clock.UtcNow;
        var (id, timestamp) = (told.EventId.ToString(), now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(IdHeader, id);
        request.Headers.TryAddWithoutValidation(TimestampHeader, timestamp);
        var secrets = webhook.SigningSecrets(now);
        if (!secrets.IsEmpty) request.Headers.TryAddWithoutValidation(SignatureHeader, string.Join(' ', Sign(secrets, Encoding.ASCII.GetBytes($"{id}.{timestamp}."), told.Body.Utf8)));
        if (webhook.SignatureConfiguration.Enabled && snapshot.Find<Key>(webhook.SignatureConfiguration.SigningKeyId) is { } key
            && SigningKeys.Of(key) is { Material.CanSign: true } signing && !signing.IsExpired(clock.Now))
            request.Headers.TryAddWithoutValidation(JwtHeader, Jwt(signing, told.Body.Utf8.Span));
    }

    /// <summary>One signature for each secret, newest first; a receiver needs one that fits the secret that it knows.</summary>
    private static IEnumerable<string> Sign(IEnumerable<string> secrets, byte[] head, ReadOnlyMemory<byte> body)
    {
        foreach (var secret in secrets)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[SecretPrefix.Length..]));
            hmac.AppendData(head);
            hmac.AppendData(body.Span);
            yield return $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}";
        }
    }

    private static string Jwt(SigningKey key, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Jws.Sign(key.Header(null), Encoding.ASCII.GetBytes($"{{\"request_body_sha256\":\"{Convert.ToBase64String(hash)}\"}}"), key.Material);
    }
}
