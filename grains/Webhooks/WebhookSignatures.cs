using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Keys;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Storage.Tokens;

namespace OrleansAuth.Webhooks;

/// <summary>
/// What lets a receiver know that a request is of this server and about what: a JWT over the hash of the body, as the contract has
/// it, where the webhook wants one. Made anew for each attempt.
/// </summary>
internal static class WebhookSignatures
{
    public const string JwtHeader = "X-FusionAuth-Signature-JWT";

    /// <summary>Nothing is added where the key is missing, has expired or cannot sign: receivers that check refuse the request.</summary>
    public static void Add(HttpRequestMessage request, Webhook webhook, DeliverEvent told, ConfigurationSnapshot snapshot, Clock clock)
    {
        if (webhook.SignatureConfiguration.Enabled && snapshot.Find<Key>(webhook.SignatureConfiguration.SigningKeyId) is { } key
            && SigningKeys.Of(key) is { Material.CanSign: true } signing && !signing.IsExpired(clock.Now))
            request.Headers.TryAddWithoutValidation(JwtHeader, Jwt(signing, told.Body.Utf8.Span));
    }

    private static string Jwt(SigningKey key, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Jws.Sign(key.Header(null), Encoding.ASCII.GetBytes($"{{\"request_body_sha256\":\"{Convert.ToBase64String(hash)}\"}}"), key.Material);
    }
}
