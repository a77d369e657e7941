using System.Text;
using System.Text.Json;

namespace OrleansAuth.WebAuthn;

/// <summary>What the browser says about a ceremony (WebAuthn Level 3, section 5.8.1).</summary>
/// <param name="Type"><see cref="Create"/> or <see cref="Get"/>.</param>
/// <param name="Challenge">base64url, as it was handed out.</param>
/// <param name="Origin">Of the page that asked.</param>
/// <param name="IsFramed">The page stood in a frame of another site.</param>
public sealed record ClientData(string Type, string Challenge, string Origin, bool IsFramed)
{
    public const string Create = "webauthn.create";
    public const string Get = "webauthn.get";

    /// <summary>In bytes. Longer ones are refused.</summary>
    public const int Longest = 16 * 1024;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions OneMeaning = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Null where the bytes are not such a JSON object. A member that stands there twice, or has another type, makes it none.</summary>
    public static ClientData? Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length is 0 or > Longest) return null;
        try
        {
            _ = Strict.GetCharCount(utf8.Span);
            using var document = JsonDocument.Parse(utf8, OneMeaning);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "type") is not { } type || Text(root, "challenge") is not { } challenge || Text(root, "origin") is not { } origin) return null;
            if (Framed(root) is not { } framed) return null;
            return new ClientData(type, challenge, origin, framed);
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Null where <c>crossOrigin</c> is neither true nor false.</summary>
    private static bool? Framed(JsonElement root)
    {
        // Only a framed page has a page on top of it, whatever the other member says.
        var onTop = root.TryGetProperty("topOrigin", out var top) && top.ValueKind != JsonValueKind.Null;
        if (!root.TryGetProperty("crossOrigin", out var crosses)) return onTop;
        return crosses.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => onTop,
            _ => null,
        };
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
