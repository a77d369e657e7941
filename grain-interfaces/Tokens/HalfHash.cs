using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrleansAuth.Tokens;

/// <summary>What an ID token says of the access token or code that comes with it: <c>at_hash</c> and <c>c_hash</c> (OpenID Connect Core, sections 3.1.3.6 and 3.3.2.11).</summary>
public static class HalfHash
{
    /// <summary>The left half of the hash, in base64url.</summary>
    /// <param name="algorithm">Of the ID token's signature, as in its header: the hash is the one that goes with it.</param>
    public static string Of(string text, string algorithm)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var hash = algorithm switch
        {
            _ when algorithm.EndsWith("384", StringComparison.Ordinal) => SHA384.HashData(bytes),
            "EdDSA" => SHA512.HashData(bytes),
            _ when algorithm.EndsWith("512", StringComparison.Ordinal) => SHA512.HashData(bytes),
            _ => SHA256.HashData(bytes),
        };
        return Base64Url.EncodeToString(hash.AsSpan(0, hash.Length / 2));
    }
}
