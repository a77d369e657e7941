using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using OrleansAuth.Common;

namespace OrleansAuth.Webhooks;

/// <summary>
/// Secrets of the Standard Webhooks specification: <c>whsec_</c> and 24 to 64 bytes as Base64. A new one replaces the one before, which
/// signs beside it for a while, so that a receiver can change over without missing an event.
/// </summary>
public static class WebhookSecrets
{
    public const string Prefix = "whsec_";

    /// <summary>How long a replaced secret goes on signing unless somebody says otherwise.</summary>
    public static readonly TimeSpan UsualOverlap = TimeSpan.FromDays(1);

    /// <summary>The longest that a replaced secret goes on signing.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    /// <summary>Of secrets that were replaced, the newest sign: each makes the header of every delivery longer.</summary>
    private const int MostFormer = 4;

    private const int NewBytes = 32;

    /// <summary>A random one.</summary>
    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NewBytes));

    /// <summary>Whether a text is one.</summary>
    public static bool IsValid(string text)
    {
        Span<byte> key = stackalloc byte[65];
        return text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length <= 128 && !text.Any(char.IsWhiteSpace)
            && Convert.TryFromBase64Chars(text.AsSpan(Prefix.Length), key, out var length) && length is >= 24 and <= 64;
    }

    /// <summary>The bytes that sign.</summary>
    /// <param name="secret">A valid one.</param>
    public static byte[] Key(string secret) => Convert.FromBase64String(secret[Prefix.Length..]);

    /// <summary>The webhook with another secret. Earlier ones sign until the overlap is over, none of them longer than it would have anyway.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="overlap">Zero ends all earlier ones at once.</param>
    public static Webhook Renew(Webhook webhook, string secret, long now, TimeSpan overlap)
    {
        var end = now + (long)overlap.TotalMilliseconds;
        IEnumerable<FormerSecret> former = Former(webhook).Where(old => old.Until > now).Select(old => old with { Until = Math.Min(old.Until, end) });
        if (webhook.Secret is { } replaced) former = former.Prepend(new FormerSecret(replaced, end));
        var kept = former.Where(old => old.Until > now && old.Secret != secret).Take(MostFormer).ToList();
        return webhook with { Secret = secret, FormerSecrets = kept.Count == 0 ? null : JsonSerializer.Serialize(kept, ContractJson.Options) };
    }

    internal static ImmutableArray<string> InForce(Webhook webhook, long now)
    {
        if (webhook.Secret is not { } secret) return [];
        return webhook.FormerSecrets is null ? [secret] : [secret, .. Former(webhook).Where(old => old.Until > now).Select(old => old.Secret)];
    }

    private static List<FormerSecret> Former(Webhook webhook) =>
        webhook.FormerSecrets is { } text ? JsonSerializer.Deserialize<List<FormerSecret>>(text, ContractJson.Options) ?? [] : [];

    /// <param name="Until">When it stops signing, milliseconds since 1970.</param>
    private sealed record FormerSecret(string Secret, long Until);
}
