using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansAuth.Tenants;

namespace OrleansAuth.Mfa;

/// <summary>
/// Codes of the time (RFC 6238), which are codes of a counter (RFC 4226) that counts time steps since 1970. Pure: the time
/// comes in.
/// </summary>
internal static class Totp
{
    /// <summary>A code counts one step before and one after its own: clocks of phones differ (RFC 6238, section 5.2).</summary>
    private const int Window = 1;

    /// <summary>The code of one step.</summary>
    /// <param name="step">The moving factor.</param>
    /// <param name="digits">6 to 8.</param>
    public static string Code(ReadOnlySpan<byte> secret, long step, TotpAlgorithm algorithm, int digits)
    {
        Span<byte> message = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
        Span<byte> mac = stackalloc byte[HMACSHA512.HashSizeInBytes];
        var length = algorithm switch
        {
            TotpAlgorithm.HmacSHA256 => HMACSHA256.HashData(secret, message, mac),
            TotpAlgorithm.HmacSHA512 => HMACSHA512.HashData(secret, message, mac),
#pragma warning disable CA5350 // What authenticator applications share; as a MAC, SHA-1 is sound (RFC 6238, section 5.1).
            _ => HMACSHA1.HashData(secret, message, mac),
#pragma warning restore CA5350
        };

        // Dynamic truncation (RFC 4226, section 5.3): the last half byte says which four bytes count, without their first bit.
        var offset = mac[length - 1] & 0xf;
        var number = BinaryPrimitives.ReadUInt32BigEndian(mac[offset..]) & 0x7fff_ffff;
        var modulus = digits switch { 6 => 1_000_000u, 7 => 10_000_000u, _ => 100_000_000u };
        return (number % modulus).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step of the instant.</summary>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="timeStep">In seconds.</param>
    public static long Step(long now, int timeStep) => now / 1000 / timeStep;

    /// <summary>
    /// The step that the code belongs to, of the present one and its neighbours; null where it is of none, or of one that
    /// was used. Each step is looked at, whichever fits, so that the time says nothing.
    /// </summary>
    /// <param name="used">The highest step that was used; null for none.</param>
    public static long? Match(string code, ReadOnlySpan<byte> secret, TotpAlgorithm algorithm, int digits, int timeStep, long now, long? used)
    {
        long? found = null;
        var typed = Encoding.UTF8.GetBytes(code);
        for (var step = Step(now, timeStep) - Window; step <= Step(now, timeStep) + Window; step++)
        {
            var fits = CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(Code(secret, step, algorithm, digits)));
            if (fits && step > (used ?? long.MinValue)) found ??= step;
        }

        return found;
    }
}
