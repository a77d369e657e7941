using System.Buffers.Binary;
using System.Text.Json;
using OrleansAuth.Users;

namespace OrleansAuth.Tokens;

/// <summary>
/// The claim <c>jti</c> of an access token, a UUID of version 7 (RFC 9562, section 5.7): it begins with the millisecond that the token was
/// issued in. <c>iat</c> has whole seconds, and a token must not outlive a revocation that came later in its second.
/// </summary>
internal static class TokenIds
{
    private const int Version = 7;
    private const long Second = 1_000;

    /// <summary>
    /// An id for a token that is issued now. After a revocation in this very millisecond, or by a clock that is ahead of this one, the id is of the
    /// millisecond after that: the token comes after what its subject knows of.
    /// </summary>
    /// <param name="now">Milliseconds since 1970.</param>
    public static Guid New(TokenSubject subject, long now) => Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(now, subject.TokensAfter + 1)));

    /// <summary>When a token was issued, milliseconds since 1970: to be compared with revocations.</summary>
    public static long IssuedAt(JsonElement claims)
    {
        var seconds = claims.GetProperty("iat").GetInt64();
        if (!claims.TryGetProperty("jti", out var jti) || jti.ValueKind != JsonValueKind.String || !jti.TryGetGuid(out var id) || id.Version != Version)
        {
            // A token of an earlier version counts as issued at the end of its second.
            return (seconds * Second) + Second - 1;
        }

        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }
}
