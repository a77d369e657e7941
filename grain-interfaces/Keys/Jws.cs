using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace OrleansAuth.Keys;

/// <summary>Signed tokens in the compact form (RFC 7515 section 7.1).</summary>
public static class Jws
{
    /// <summary>
    /// Signs header and payload, both JSON as UTF-8. The header must name the key's algorithm and id; this does not look into it.
    /// </summary>
    public static string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, KeyMaterial key)
    {
        var headerLength = Base64Url.GetEncodedLength(header.Length);
        var signed = headerLength + 1 + Base64Url.GetEncodedLength(payload.Length);
        var length = signed + 1 + Base64Url.GetEncodedLength(key.SignatureSize);
        var text = ArrayPool<byte>.Shared.Rent(length);
        Span<byte> signature = stackalloc byte[key.SignatureSize];

        Base64Url.EncodeToUtf8(header, text);
        text[headerLength] = (byte)'.';
        Base64Url.EncodeToUtf8(payload, text.AsSpan(headerLength + 1));
        key.Sign(text.AsSpan(0, signed), signature);
        text[signed] = (byte)'.';
        Base64Url.EncodeToUtf8(signature, text.AsSpan(signed + 1));

        var token = Encoding.ASCII.GetString(text, 0, length);
        ArrayPool<byte>.Shared.Return(text);
        return token;
    }

    /// <summary>
    /// The payload of a compact token if this key signed it; null otherwise, also for text that is no token. Header and claims
    /// (algorithm, type, expiry, audience) are the caller's to check.
    /// </summary>
    public static byte[]? Open(ReadOnlySpan<char> token, KeyMaterial key)
    {
        var first = token.IndexOf('.');
        var last = token.LastIndexOf('.');
        if (first <= 0 || last == first || !Ascii.IsValid(token)) return null;
        if (Decode(token[(first + 1)..last]) is not { } payload || Decode(token[(last + 1)..]) is not { } signature) return null;

        var signed = new byte[last];
        Encoding.ASCII.GetBytes(token[..last], signed);
        return key.Verify(signed, signature) ? payload : null;
    }

    // One value has one spelling, or a revoked token could come back in another.
    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (!Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
    }
}
